"""What an object that pages keep says in words: made once a language, and kept with the object."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from gapatlas.languages import language_now

S = TypeVar("S")
T = TypeVar("T")
KEPT: Final = "_said_once"


def said_once(function: Callable[[S], T]) -> Callable[[S], T]:
    """Keep what a function makes of an object with the object, for each language.

    For words and tables about an object that itself is kept for a snapshot: a run of a page then
    makes none of them anew. What is kept must not be changed.
    """

    @wraps(function)
    def kept(shown: S) -> T:
        made: dict[tuple[str, str, str], Any] = vars(shown).setdefault(KEPT, {})
        key = (function.__module__, function.__qualname__, language_now())
        if key not in made:
            made[key] = function(shown)
        found: T = made[key]
        return found

    return kept
