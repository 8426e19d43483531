"""The longest words and names that the forms let through."""

from dataclasses import dataclass

EMOJI = "👩🏽‍🚀🪐"
RIGHT_TO_LEFT = "عبد الرحمن بن محمد الخوارزمي"
WORD = {
    "en": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "ru": "метилпропенилендигидроксициннаменилакриловопревысокомногорассмотрительствующийся",
}
SENTENCE = {
    "en": "What the second derivative says about a curve that nobody has drawn yet, and why it matters",
    "ru": "Что вторая производная говорит о кривой, которую ещё никто не нарисовал, и почему это важно",
}


@dataclass(frozen=True)
class Words:
    language: str

    @property
    def word(self) -> str:
        """Eighty letters that may be broken nowhere."""
        return WORD[self.language][:80]

    @property
    def sentence(self) -> str:
        return SENTENCE[self.language]

    def name(self, number: int = 0) -> str:
        """Of a person: 120 characters at the most; every fourth has the one word alone."""
        kinds = [
            f"{self.word} {EMOJI} {RIGHT_TO_LEFT}",
            f"{RIGHT_TO_LEFT} {number}",
            f"{self.sentence} {number}",
            self.word,
        ]
        return kinds[number % len(kinds)][:120]

    def title(self, number: int = 0, *, length: int = 160) -> str:
        """Of a course, lesson or topic."""
        kinds = [
            f"{self.word} {EMOJI} {RIGHT_TO_LEFT}: {self.sentence}",
            f"{self.sentence}. {self.sentence}",
            self.word,
        ]
        return f"{kinds[number % len(kinds)][: length - 5].strip()} {number}"

    @property
    def text(self) -> str:
        """Markdown with all that may push a page sideways."""
        row = "| " + " | ".join([self.word] * 4) + " |"
        return "\n\n".join(
            [
                f"## {self.title()}",
                f"{self.sentence}. {self.word}{self.word} {RIGHT_TO_LEFT} {EMOJI} {self.sentence}.",
                f"https://example.com/{self.word}/{self.word}?{self.word}",
                f"```python\n{self.word} = '{self.sentence * 2}'\n```",
                f"{row}\n|---|---|---|---|\n{row}",
                r"$$\sum_{i=1}^{n} " + " + ".join([r"\frac{x_i - \bar{x}}{n - 1}"] * 12) + "$$",
                f"> {self.sentence} **{self.word}**",
                f"- {self.word}\n- {self.sentence}",
            ]
        )
