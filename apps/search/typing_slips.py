"""Other ways to read a word: typed in the wrong keyboard layout, or in the letters of the other script."""

import re

LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
TO_CYRILLIC_KEYS = str.maketrans(LATIN_KEYS, CYRILLIC_KEYS)
TO_LATIN_KEYS = str.maketrans(CYRILLIC_KEYS, LATIN_KEYS)

LATIN_SOUNDS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
TO_LATIN_SOUNDS = str.maketrans(LATIN_SOUNDS)
CYRILLIC_SOUNDS = {
    "shch": "щ", "sch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц",
    "yu": "ю", "ju": "ю", "ya": "я", "ja": "я", "yo": "е", "jo": "е", "iy": "ий", "yy": "ый",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "ы", "z": "з",
}  # fmt: skip
SOUND = re.compile("|".join(CYRILLIC_SOUNDS))


def other_readings(word: str) -> list[str]:
    """The word as the other keyboard layout and the other script would have it."""
    word = word.lower()
    if re.search("[а-яё]", word):
        readings = [
            word.translate(TO_LATIN_KEYS),
            word.replace("дж", "j").translate(TO_LATIN_SOUNDS),
        ]
    else:
        sounds = SOUND.sub(lambda found: CYRILLIC_SOUNDS[found[0]], word)
        readings = [word.translate(TO_CYRILLIC_KEYS), sounds]
    return [reading for reading in dict.fromkeys(readings) if reading != word]
