"""What the schema says of a value that does not fit it, as it can be said in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gapatlas.languages import mark, worded, worded_many

_OUR_WORDS: Final = {
    "model_type": mark("Input should be a block of keys."),
    "dict_type": mark("Input should be a block of keys."),
    "tuple_type": mark("Input should be a list."),
}
"""Kind of a fault, as pydantic names it -> what is said of it instead of pydantic's own words."""
_ITS_WORDS: Final = {
    "list_type": mark("Input should be a valid list."),
    "string_type": mark("Input should be a valid string."),
    "string_pattern_mismatch": mark("String should match pattern '{pattern}'."),
    "int_type": mark("Input should be a valid integer."),
    "int_parsing": mark("Input should be a valid integer, unable to parse string as an integer."),
    "int_from_float": mark("Input should be a valid integer, got a number with a fractional part."),
    "float_type": mark("Input should be a valid number."),
    "float_parsing": mark("Input should be a valid number, unable to parse string as a number."),
    "finite_number": mark("Input should be a finite number."),
    "bool_type": mark("Input should be a valid boolean."),
    "bool_parsing": mark("Input should be a valid boolean, unable to interpret input."),
    "greater_than": mark("Input should be greater than {gt}."),
    "greater_than_equal": mark("Input should be greater than or equal to {ge}."),
    "less_than": mark("Input should be less than {lt}."),
    "less_than_equal": mark("Input should be less than or equal to {le}."),
    "literal_error": mark("Input should be {expected}."),
    "invalid_key": mark("Keys should be strings."),
}
"""Kind of a fault -> what pydantic says of it."""


def schema_words(detail: Mapping[str, Any]) -> str:
    """What is wrong with a value.

    Args:
        detail: one of the errors of a `pydantic.ValidationError`.
    """
    kind, message = detail["type"], f"{detail['msg']}."
    if kind in _OUR_WORDS:
        return worded(_OUR_WORDS[kind])
    context = {name: _plain(value) for name, value in detail.get("ctx", {}).items()}
    told = worded(_ITS_WORDS[kind], **context) if kind in _ITS_WORDS else _of_length(kind, context)
    return told if told == message else message  # another version may word it otherwise


def expected_words(expected: str) -> str:
    """The values that pydantic lists, of which one is expected."""
    before, is_one_of, last = expected.rpartition(" or ")
    return worded("{first} or {last}", first=before, last=last) if is_one_of else expected


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return expected_words(value)
    return f"{value:g}" if isinstance(value, float) else value


def _of_length(kind: str, context: Mapping[str, Any]) -> str:
    least, most = context.get("min_length", 0), context.get("max_length", 0)
    match kind:
        case "string_too_short":
            return worded_many(
                "String should have at least {min_length} character.",
                "String should have at least {min_length} characters.",
                least,
                **context,
            )
        case "string_too_long":
            return worded_many(
                "String should have at most {max_length} character.",
                "String should have at most {max_length} characters.",
                most,
                **context,
            )
        case "too_short":
            return worded_many(
                "{field_type} should have at least {min_length} item after validation, not "
                "{actual_length}.",
                "{field_type} should have at least {min_length} items after validation, not "
                "{actual_length}.",
                least,
                **context,
            )
        case "too_long":
            return worded_many(
                "{field_type} should have at most {max_length} item after validation, not "
                "{actual_length}.",
                "{field_type} should have at most {max_length} items after validation, not "
                "{actual_length}.",
                most,
                **context,
            )
        case _:
            return ""
