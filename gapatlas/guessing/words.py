"""Words by which offices call what they count, in some languages."""

from __future__ import annotations

from typing import Final

from gapatlas.mapping.texts import folded

STAGES: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("acquitted", "persons", (
        "acquit", "absuelt", "absolvid", "acquitt", "freigesproch", "assolt",
    )),
    ("dismissed", "persons", ("dismiss", "sobreseid", "classe", "eingestellt", "archivad")),
    ("convicted", "persons", (
        "convict", "condenad", "sentenciad", "condamn", "verurteil", "condannat", "guilty",
        "sentenced",
    )),
    ("prosecuted", "persons", (
        "prosecut", "procesad", "acusad", "inculpad", "imputad", "poursuiv", "angeklagt",
        "charged", "processad", "indict", "vinculad",
    )),
    ("suspected", "persons", (
        "suspect", "sospechos", "arrest", "detenid", "beschuldig", "tatverdacht", "indagat",
        "mis en cause", "investigad",
    )),
    ("detected", "victims", (
        "victim", "vitima", "opfer", "vittim", "survivor", "sobreviviente", "ofer",
    )),
    ("suspected", "offences", (
        "offence", "offense", "delito", "infraction", "crime", "straftat", "reato", "incident",
        "denuncia", "carpetas",
    )),
    ("suspected", "cases", ("investigation", "case", "caso", "affaire", "dossier", "falle")),
)  # fmt: skip
"""Stage, unit, and how words begin that mean it; the first that fits is meant."""
POPULATION: Final = (
    "population", "poblacion", "habitant", "populacao", "bevolkerung", "einwohner", "popolazione",
    "inhabitants",
)  # fmt: skip
YEARS: Final = (
    "year", "ano", "annee", "jahr", "periodo", "period", "fecha", "date", "exercice", "anno",
)  # fmt: skip
PLACES: Final = (
    "province", "provincia", "state", "estado", "region", "country", "pais", "pays", "land",
    "departement", "departamento", "district", "distrito", "entidad", "place", "lugar", "county",
    "canton", "territory", "jurisdiction",
)  # fmt: skip


def stage_of(text: str) -> tuple[str, str] | None:
    """Stage and unit that a heading or a word of a column seems to mean."""
    words = folded(text).split()
    joined = " ".join(words)
    for stage, unit, beginnings in STAGES:
        if any(_begins(words, joined, beginning) for beginning in beginnings):
            return stage, unit
    return None


def means(text: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a word of a heading begins as one of these."""
    words = folded(text).split()
    return any(_begins(words, " ".join(words), beginning) for beginning in beginnings)


def _begins(words: list[str], joined: str, beginning: str) -> bool:
    return beginning in joined if " " in beginning else any(w.startswith(beginning) for w in words)
