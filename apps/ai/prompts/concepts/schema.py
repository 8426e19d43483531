"""What the task `concepts` answers: what a lesson teaches, and what of it needs what."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class FoundConcept(BaseModel):
    """`quote` is the lesson's own sentence; `needs` names other concepts, of it or known before."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    aliases: Annotated[list[Name], Field(max_length=5)] = []
    quote: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    needs: Annotated[list[Name], Field(max_length=10)] = []
    importance: Annotated[int, Field(ge=1, le=5)] = 3


class FoundConcepts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    concepts: Annotated[list[FoundConcept], Field(max_length=20)]
