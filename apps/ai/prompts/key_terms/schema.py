"""What the task `key_terms` answers: terms that the lesson itself defines."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class KeyTerm(BaseModel):
    """`definition` is fit for the back of a card; `quote` is the lesson's own sentence."""

    model_config = ConfigDict(extra="forbid")

    term: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    definition: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)
    ]
    quote: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class KeyTerms(BaseModel):
    model_config = ConfigDict(extra="forbid")

    terms: Annotated[list[KeyTerm], Field(max_length=20)]
