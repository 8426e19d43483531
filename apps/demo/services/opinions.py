"""What the crowd of the demo says of courses: drawn, and no sentence twice in one course."""

import random
from collections import defaultdict
from collections.abc import Mapping

from ..texts import CourseText, ReviewText

SAYS = 0.6  # of those who came far enough
FAR = 3  # lessons
STARS = (5, 4, 3, 2)


class Opinions:
    """Texts by language and rating; what a course has heard already isn't said there again."""

    def __init__(self, texts: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._texts = texts
        self._said: defaultdict[str, list[str]] = defaultdict(list)

    def draw(self, who: str, language: str, text: CourseText, lessons: int) -> ReviewText | None:
        draw = random.Random(f"{who} {text.key} opinion")  # noqa: S311
        if lessons < FAR or draw.random() > SAYS:
            return None
        # some courses are liked better than others
        liked = random.Random(text.key).uniform(0.9, 1.6)  # noqa: S311
        rating = draw.choices(STARS, (4 * liked, 3, 1.3 / liked, 0.5 / liked))[0]
        said = self._said[text.key]
        left = [each for each in self._texts[language][str(rating)] if each not in said or not each]
        if not left:
            return None
        comment = draw.choice(left)
        said.append(comment)
        return ReviewText(who, rating, comment)
