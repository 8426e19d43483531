"""What the task `summary` answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class Summary(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sentences: Annotated[list[Sentence], Field(min_length=1, max_length=10)]
