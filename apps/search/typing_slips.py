"""Other ways to read a word: typed in the wrong keyboard layout, or in the letters of the other script."""

import re

LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
TO_CYRILLIC_KEYS = str.maketrans(LATIN_KEYS, CYRILLIC_KEYS)
TO_LATIN_KEYS = str.maketrans(CYRILLIC_KEYS, LATIN_KEYS)
# letters that look the same in both scripts
TO_LATIN_LOOKS = str.maketrans("авекмнорстух", "abekmhopctyx")
TO_CYRILLIC_LOOKS = str.maketrans("abekmhopctyx", "авекмнорстух")

# fmt: off
LATIN_SOUNDS = {
    "дж": "j", "кс": "x",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}
CYRILLIC_SOUNDS = {
    "shch": "щ", "sch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц",
    "iya": "ия", "ija": "ия", "iyu": "ию", "iju": "ию", "iye": "ие", "ije": "ие",
    "yu": "ю", "ju": "ю", "ya": "я", "ja": "я", "yo": "е", "jo": "е", "iy": "ий", "yy": "ый",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "ы", "z": "з", "'": "ь",
}
# fmt: on
# names that are said otherwise than they are written
SPOKEN = {"питон": "python", "пайтон": "python", "ява": "java", "эксель": "excel"}
LATIN_SOUND = re.compile("|".join(CYRILLIC_SOUNDS))
CYRILLIC_SOUND = re.compile("|".join(LATIN_SOUNDS))
CYRILLIC = re.compile("[а-яё]")
LATIN = re.compile("[a-z]")


def other_readings(word: str) -> list[str]:
    """The word as the other keyboard layout and the other script would have it, likely ones first."""
    word = word.lower()
    readings = []
    if LATIN.search(word) and CYRILLIC.search(word):
        readings += [word.translate(TO_LATIN_LOOKS), word.translate(TO_CYRILLIC_LOOKS)]
    if CYRILLIC.search(word):
        spoken = LATIN_SOUND.sub(lambda sound: CYRILLIC_SOUNDS[sound[0]], word)
        sounds = in_latin_letters(word)
        readings += [SPOKEN.get(spoken, ""), typed_by_other_keys(word), sounds, spoken]
    else:
        sounds = LATIN_SOUND.sub(lambda sound: CYRILLIC_SOUNDS[sound[0]], word)
        readings += [typed_by_other_keys(word), sounds]
    return [reading for reading in dict.fromkeys(readings) if reading not in ("", word)]


def in_latin_letters(word: str) -> str:
    """A word in small Cyrillic letters by its sounds."""
    return CYRILLIC_SOUND.sub(lambda sound: LATIN_SOUNDS[sound[0]], word)


def typed_by_other_keys(text: str) -> str:
    """The same keys in the other layout."""
    is_cyrillic = CYRILLIC.search(text.lower())
    return text.lower().translate(TO_LATIN_KEYS if is_cyrillic else TO_CYRILLIC_KEYS)
