"""Results that hold words, kept by language: among others, or with what they are about."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

from gapatlas.languages.saying import language_now

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")
WITH_OBJECT: Final = "_said_once"


def kept_by_language(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the results of a function whose words depend on the language that is spoken.

    Args:
        maxsize: how many results are kept, of all languages together.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=maxsize)
        def in_language(language: str, *args: P.args, **kwargs: P.kwargs) -> T:
            return function(*args, **kwargs)

        @wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            return in_language(language_now(), *args, **kwargs)  # type: ignore[arg-type]

        return kept

    return keep


def said_once(function: Callable[[S], T]) -> Callable[[S], T]:
    """Keep what a function makes of an object with the object, for each language.

    For words, tables and choices about an object that itself is kept, such as an atlas: nobody
    makes them anew, and they end with it. What is kept must not be changed.
    """

    @wraps(function)
    def kept(shown: S) -> T:
        made: dict[tuple[Any, str], Any] = vars(shown).setdefault(WITH_OBJECT, {})
        key = (function, language_now())
        if key not in made:
            made[key] = function(shown)
        found: T = made[key]
        return found

    return kept
