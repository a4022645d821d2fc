"""The language that is spoken now, and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from gapatlas.languages.catalogues import ENGLISH, LANGUAGES, translations

K = TypeVar("K")
T = TypeVar("T")
_now: Final[ContextVar[str]] = ContextVar("language", default=ENGLISH)


def language_now() -> str:
    """Code of the language that is spoken: one of `LANGUAGES`."""
    return _now.get()


def speak(language: str) -> None:
    """Speak a language from here on, in this thread.

    Args:
        language: one of `LANGUAGES`; any other is spoken in English.
    """
    _now.set(language if language in LANGUAGES else ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside a `with` block.

    Args:
        language: one of `LANGUAGES`.

    Raises:
        ValueError: there is no catalogue of that language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"No catalogue of words in {language!r}; allowed: {', '.join(LANGUAGES)}")
    before = _now.set(language)
    try:
        yield
    finally:
        _now.reset(before)


def in_this_language(function: Callable[[], T]) -> Callable[[], T]:
    """A function that speaks the language of now, whichever thread calls it later."""
    language = _now.get()

    def spoken() -> T:
        with speaking(language):
            return function()

    return spoken


def say(message: str, /, **values: Any) -> str:
    """A message in the language that is spoken.

    Args:
        message: in English, with the names of its values in braces. What no catalogue holds, such
            as the words of an own config, is said as it is.
        values: texts that stand for the names; numbers go through `whole` or `decimal` first.
            Without any, the message is not read for braces.
    """
    language = _now.get()
    said = message
    if language != ENGLISH and message:
        said = translations(language).gettext(message)
    return said.format(**values) if values else said


def say_as(context: str, message: str, /, **values: Any) -> str:
    """A message that reads the same in English in several senses.

    Args:
        context: which sense, for the translator, such as `side of an interval`.
        message: as in `say`.
        values: as in `say`.
    """
    language = _now.get()
    said = message
    if language != ENGLISH:
        said = translations(language).pgettext(context, message)
    return said.format(**values) if values else said


def say_many(one: str, many: str, number: int, /, **values: Any) -> str:
    """A message in the form that its number needs.

    Args:
        one: the message for one.
        many: the message for any other number.
        number: decides on the form; it is printed only if a value holds it.
        values: as in `say`.
    """
    language = _now.get()
    if language == ENGLISH:
        said = one if number == 1 else many
    else:
        said = translations(language).ngettext(one, many, number)
    return said.format(**values) if values else said


def say_of(words: Mapping[K, str]) -> Callable[[K], str]:
    """What says the word of a key in the language that is spoken: a `format_func` of a widget.

    Args:
        words: key -> its word in English, which `mark` has marked.
    """
    return lambda key: say(words[key])


def mark_as(context: str, message: str) -> str:
    """As `mark`, for a message that `say_as` says later."""
    return message


def mark(message: str) -> str:
    """Give a message back as it is, so that it stands in the catalogues.

    For words of a module, which is read before anybody's language is known; `say` says them.
    """
    return message
