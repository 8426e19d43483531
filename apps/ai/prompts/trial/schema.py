"""What the task `trial` answers."""

from pydantic import BaseModel


class TrialAnswer(BaseModel):
    ok: bool
