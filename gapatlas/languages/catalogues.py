"""Which languages there are, and their catalogues of words."""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

CATALOGUES: Final = Path(__file__).parent / "words"
"""Folder of the gettext files: `es.po`, `fr.po`, ..."""
ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, *sorted(file.stem for file in CATALOGUES.glob("*.po")))
"""Codes of the languages that have a catalogue; English, which needs none, first."""


def catalogue_file(language: str) -> Path:
    """The gettext file of a language."""
    return CATALOGUES / f"{language}.po"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The words of a language; none for English.

    Entries that a translator has marked `fuzzy` are left out, as gettext does.
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # only other languages need it
    from babel.messages.pofile import read_po

    with catalogue_file(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def name_of_language(language: str) -> str:
    """What a language calls itself, such as `français`, from Unicode CLDR."""
    from babel import Locale

    name = Locale.parse(language).get_display_name(language) or language
    return f"{name[:1].upper()}{name[1:]}"
