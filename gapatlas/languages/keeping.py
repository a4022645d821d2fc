"""Results that hold words, kept by language."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from gapatlas.languages.saying import language_now

P = ParamSpec("P")
T = TypeVar("T")


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
