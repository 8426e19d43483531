"""Special days: public holidays of the country that a time zone lies in, birthdays, New Year."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays
from babel.core import get_global


def country_of(zone: str) -> str:
    """ISO 3166 code of the country of a time zone; empty for UTC and the like."""
    territories: Mapping[str, str] = get_global("zone_territories")
    code = territories.get(zone, "")
    return code if code in holidays.list_supported_countries(include_aliases=False) else ""


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_holiday(day: date, zone: str) -> bool:
    country = country_of(zone)
    return bool(country) and day in _holidays(country, day.year)


def is_new_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def is_birthday(day: date, birthday: date | None) -> bool:
    """Who was born on a leap day has it on 28 February in other years."""
    if birthday is None:
        return False
    leap = (birthday.month, birthday.day) == (2, 29)
    is_leap_year = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    if leap and not is_leap_year:
        return (day.month, day.day) == (2, 28)
    return (day.month, day.day) == (birthday.month, birthday.day)
