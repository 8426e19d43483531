"""The words of the house: what every sentence of the catalogues keeps to, in both languages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from apps.core import catalogues

# names of models and choices: migrations hold them as they are
IN_MIGRATIONS = {
    "It doesn't help me on",
    "provider's reference",
    "teacher's application",
    "teacher's reply",
    "teachers' applications",
}
MARKUP = re.compile(r"<[^>]+>|%\(\w+\)[sd]|\{\w+\}")
# an example of what to type
EXAMPLE = re.compile(r", \. _ -$|<code[^>]*>.*?</code>")
# what a sentence ends with, its own quotes and brackets aside
END = re.compile(r"([.!?…:,;]?)[”»)\"]*\s*$")
# a label here, a part of a sentence there
OTHER_END = {"Last used", "to"}
# words that are never written with е
YO = re.compile(
    r"\b(еще|ее|нее|мое|твое|свое|своем|причем|пойдет|придет|найдет|идет|пройдет|вернется|зачтен|"
    r"включен|отключен|удален|сохранен|изменен|подтвержден|отклонен|прочтет|начнет|возьмет|счет|"
    r"учет|отчет|расчет|зачет|платеж|объем|прием|подъем|ребенок|трех|четырех|темн\w+|желт\w+|"
    r"зелен\w+|черн(?:ый|ая|ое|ые|ого|ой)|легк(?:ий|ая|ое|ие|ого)|твердо?|надежн\w+|партнер\w*|"
    r"определен|приведен|введен|проведен|днем|вдвоем|втроем|дает|отдает|создает|остается|удается|"
    r"сдает|ведет|пришлем)\b",
    re.I,
)
# one thing has one name: docs/words.md
NEVER = {
    "ru": re.compile(
        r"учётн\w+ запис|\bочк(?:и|ов|ам|ами|ах)\b|\bучени(?:к|ц)\w*|\bюзер|\bлогин\b|"
        r"\bимейл|\bemail\b|\be-mail\b|\bметк[аиуо]\w*\b|эл\. адрес",
        re.I,
    ),
    "en": re.compile(r"\b(?:sign(?:ed|s)? (?:in|out)|sign-in|learners?|email)\b", re.I),
}
DEVELOPERS = re.compile(
    r"\b(?:null bytes?|surrogates?|traceback|exception|invalid|request body|payload|foreign key|"
    r"undefined|none given)\b",
    re.I,
)
# said to operators in the admin or to programs in the API
FOR_PROGRAMS = {"payload", "This Idempotency-Key was used with another body."}


class Said(NamedTuple):
    where: str
    english: str
    russian: str


def sentences() -> Iterator[Said]:
    """Every form of every message, English beside Russian."""
    for part in catalogues.parts(Path(settings.BASE_DIR)):
        for message in catalogues.stored(part, "ru"):
            if not message.id:
                continue
            english = catalogues._forms(message.id)
            russian = catalogues._forms(message.string)
            yield Said(part.name, english[0], russian[0])
            for other in russian[1:]:
                yield Said(part.name, english[-1], other)


ALL = list(sentences())


def faults(is_wrong: Callable[[Said], object]) -> list[str]:
    return [f"{each.where}: {each.english!r} → {each.russian!r}" for each in ALL if is_wrong(each)]


def bare(text: str) -> str:
    return MARKUP.sub("_", EXAMPLE.sub("_", text))


def test_the_catalogues_are_read():
    assert len(ALL) > 2000


def test_quotes_and_apostrophes_are_printed_ones():
    def is_wrong(each: Said) -> bool:
        english, russian = bare(each.english), bare(each.russian)
        straight = re.search(r"(?<=\w)'|'(?=\w)|\"", english) and each.english not in IN_MIGRATIONS
        return bool(straight or re.search("[\"“”'’]", russian))

    assert not faults(is_wrong)


def test_an_ellipsis_is_one_sign_and_a_dash_no_hyphen():
    assert not faults(lambda each: "..." in each.english + each.russian)
    assert not faults(lambda each: " - " in bare(each.english + each.russian))


def test_no_space_is_too_much():
    def is_wrong(each: Said) -> bool:
        return any(
            text != text.strip() or re.search(r"  | [,.;!?](?!\w)", bare(text))
            for text in (each.english, each.russian)
        )

    assert not faults(is_wrong)


def test_both_languages_end_alike():
    def is_wrong(each: Said) -> bool:
        ends = [END.search(bare(text)) for text in (each.english, each.russian)]
        return each.english not in OTHER_END and len({end[1] for end in ends if end}) > 1

    assert not faults(is_wrong)


def test_russian_writes_yo():
    assert not faults(lambda each: YO.search(each.russian))


@pytest.mark.parametrize(("language", "place"), [("en", 1), ("ru", 2)])
def test_one_thing_has_one_name(language, place):
    assert not faults(lambda each: NEVER[language].search(bare(each[place])))


def test_no_developers_words_are_shown_to_people():
    assert not faults(
        lambda each: DEVELOPERS.search(each.english) and each.english not in FOR_PROGRAMS
    )


def test_russian_speaks_to_you_politely():
    ty = re.compile(r"\b(ты|тебя|тебе|тобой|твой|твоя|твоё|твои|нажми|введи|выбери)\b", re.I)
    assert not faults(lambda each: ty.search(each.russian))
