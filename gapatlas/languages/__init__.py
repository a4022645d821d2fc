"""Room `languages`: the words that readers see, in their language.

    with speaking("fr"):
        say("{count} of {places} places have a figure.", count=whole(57), places=whole(198))

English text is the key of its translation, so the code reads as it is shown. The translations
stand in `words/`, one gettext file a language; a file more is a language more. What they do
not hold is shown in English. Numbers, dates, lists and names of countries follow Unicode CLDR.
"""

from gapatlas.languages.catalogues import (
    CATALOGUES,
    ENGLISH,
    LANGUAGES,
    catalogue_file,
    name_of_language,
)
from gapatlas.languages.keeping import kept_by_language, said_once
from gapatlas.languages.names import (
    alphabetical,
    column_in_alphabet,
    in_alphabet,
    named_in_language,
    place_name,
    words_of_table,
)
from gapatlas.languages.numbers import (
    chart_locale,
    day,
    decimal,
    in_digits,
    percentage,
    whole,
)
from gapatlas.languages.saying import (
    in_this_language,
    language_now,
    mark,
    mark_as,
    say,
    say_as,
    say_many,
    say_of,
    speak,
    speaking,
)
from gapatlas.languages.unsaid import (
    COMMA,
    SEMICOLON,
    Unsaid,
    kept,
    parted,
    said_of,
    unsaid,
    unsaid_many,
)
from gapatlas.languages.worded_texts import (
    Worded,
    either,
    grouped,
    in_a_row,
    packed,
    said,
    together,
    unpacked,
    worded,
    worded_many,
)

__all__ = [
    "CATALOGUES",
    "COMMA",
    "ENGLISH",
    "LANGUAGES",
    "SEMICOLON",
    "Unsaid",
    "Worded",
    "alphabetical",
    "catalogue_file",
    "chart_locale",
    "column_in_alphabet",
    "day",
    "decimal",
    "either",
    "grouped",
    "in_a_row",
    "in_alphabet",
    "in_digits",
    "in_this_language",
    "kept",
    "kept_by_language",
    "language_now",
    "mark",
    "mark_as",
    "name_of_language",
    "named_in_language",
    "packed",
    "parted",
    "percentage",
    "place_name",
    "said",
    "said_of",
    "said_once",
    "say",
    "say_as",
    "say_many",
    "say_of",
    "speak",
    "speaking",
    "together",
    "unpacked",
    "unsaid",
    "unsaid_many",
    "whole",
    "worded",
    "worded_many",
    "words_of_table",
]
