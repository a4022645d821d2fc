"""What the models of the config share: their base and the kinds of text in them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
RelativePath = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Level = Literal["country", "us_state", "province", "region"]
Year = Annotated[int, Field(ge=1900, le=2200)]


class UnfitError(ValueError):
    """A value that does not fit the others: what is wrong with it, and what may stand there."""

    def __init__(self, message: str, allowed: str | None = None) -> None:
        self.message, self.allowed = message, allowed
        text = f"{message[:1].lower()}{message[1:]}".removesuffix(".")
        super().__init__(f"{text}; allowed: {allowed}" if allowed else text)


class Frozen(BaseModel):
    """Base of all config objects: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
