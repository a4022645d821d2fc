"""What an effect library must keep to beyond the types of its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from gapatlas.config.effect_models import (
    COMPONENTS,
    COSTS,
    GRADES,
    MEASURE_OF_STAGE,
    PRESETS,
    SHARES,
    TERMS,
    Change,
    EffectLibrary,
    Entry,
    Estimate,
    Preset,
    Term,
)
from gapatlas.config.problems import Fault, near_names
from gapatlas.config.yaml_lines import KeyPath
from gapatlas.languages import mark, worded

JUDGED: Final = "D"
"""The grade of a judgement, and of nothing else."""
_NO_SUCH: Final = {
    "grade": mark("There is no such grade."),
    "component": mark("There is no such component."),
    "term": mark("There is no such term."),
}
_IS_MISSING: Final = {
    "grade": mark("The grade '{id}' is missing."),
    "component": mark("The component '{id}' is missing."),
    "term": mark("The term '{id}' is missing."),
    "preset": mark("The preset '{id}' is missing."),
}
_WITH: Final = mark("{measure} with an effect")
_WITHOUT: Final = mark("{measure} without an effect")
_OF_A_SHARE: Final = mark("'{id}' is a share: it has another shape.")
_OF_NO_SHARE: Final = mark("'{id}' is no share: it has another shape.")


def faults_of(library: EffectLibrary) -> Iterator[Fault]:
    """Every fault of a library whose values have the right types."""
    yield from _currency_faults(library)
    yield from _exactly("grade", "grades", library.grades, GRADES)
    yield from _exactly("component", "components", library.components, COMPONENTS)
    yield from _repeated_ids(library)
    for position, entry in enumerate(library.entries):
        yield from _entry_faults(("entries", position), entry)
    yield from _exactly("term", "terms", library.terms, TERMS)
    for id_, term in library.terms.items():
        if id_ in TERMS:
            yield from _term_faults(id_, term)
    yield from _missing("preset", "presets", library.presets, PRESETS)
    for id_, preset in library.presets.items():
        yield from _preset_faults(library, id_, preset)


def _currency_faults(library: EffectLibrary) -> Iterator[Fault]:
    currency = library.currency
    if not re.fullmatch("[A-Z]{3}", currency):
        message = worded("This is no code of a currency.")
        allowed = worded("three capitals of ISO 4217, such as USD or EUR")
        yield Fault(("currency",), message, currency, allowed)
        return
    for id_ in COSTS:
        if id_ in library.terms and currency not in library.terms[id_].unit.split():
            message = worded("The unit of a cost names the currency.")
            found = library.terms[id_].unit
            yield Fault(
                ("terms", id_, "unit"),
                message,
                found,
                worded("a text with {currency} in it", currency=currency),
            )


def _exactly(
    kind: str, key: str, given: Collection[str], wanted: Collection[str]
) -> Iterator[Fault]:
    """Ids that there are none of, and ids that are missing."""
    for id_ in given:
        if id_ not in wanted:
            yield Fault(
                (key, id_),
                worded(_NO_SUCH[kind]),
                id_,
                near_names(id_, wanted),
            )
    yield from _missing(kind, key, given, wanted)


def _missing(
    kind: str, key: str, given: Collection[str], wanted: Collection[str]
) -> Iterator[Fault]:
    for id_ in wanted:
        if id_ not in given:
            message = worded(_IS_MISSING[kind], id=id_)
            yield Fault((key,), message, ", ".join(given) or worded("none"), ", ".join(wanted))


def _repeated_ids(library: EffectLibrary) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for position, entry in enumerate(library.entries):
        if entry.id in first:
            path = ("entries", position, "id")
            yield Fault(
                path,
                worded("Two entries have one id."),
                entry.id,
                worded("an id of its own for each"),
            )
        first.setdefault(entry.id, position)


# ------------------------------------------------------------------ entries


def _entry_faults(path: KeyPath, entry: Entry) -> Iterator[Fault]:
    yield from _grade_faults(path, entry)
    yield from _measure_faults(path, entry)
    yield from _subject_faults(path, entry)
    if entry.effect is not None:
        yield from _number_faults((*path, "effect"), entry.effect, worded("above 0"))
    if not 0 <= entry.transport_discount <= 1:
        message = worded("The discount is the part of an effect that does not carry over.")
        found = f"{entry.transport_discount:g}"
        yield Fault((*path, "transport_discount"), message, found, worded("0 to 1"))


def _grade_faults(path: KeyPath, of: Entry | Term) -> Iterator[Fault]:
    """An assumption must never pass for evidence."""
    if (of.kind == "judgement") != (of.grade == JUDGED):
        message = worded(
            "A judgement has the grade {grade}, and evidence has another.", grade=JUDGED
        )
        allowed = JUDGED if of.kind == "judgement" else ", ".join(g for g in GRADES if g != JUDGED)
        yield Fault(
            (*path, "grade"),
            message,
            worded("{grade} with kind {kind}", grade=of.grade, kind=of.kind),
            allowed,
        )
    if isinstance(of, Entry) and of.kind == "evidence" and of.found is None:
        message = worded("Evidence says what was found.")
        yield Fault(
            (*path, "found"),
            message,
            worded("nothing"),
            worded("the figures of the study, as text"),
        )


def _measure_faults(path: KeyPath, entry: Entry) -> Iterator[Fault]:
    """A finding has no effect and all others have one, in a measure that fits the stage."""
    if (entry.measure == "finding") == (entry.effect is not None):
        message = worded("A finding has no effect; every other measure has one.")
        found = worded(_WITH if entry.effect else _WITHOUT, measure=entry.measure)
        allowed = worded("measure finding, or an effect with value, low, high and level")
        yield Fault((*path, "effect"), message, found, allowed)
    if entry.measure == "finding" or entry.stage is None:
        return
    of_stage = MEASURE_OF_STAGE[entry.stage]
    # What others published stays as published, as long as the model does not start from it.
    as_published = entry.kind == "evidence" and entry.measure == "ratio"
    if entry.measure != of_stage and not as_published:
        message = worded("An effect on '{stage}' is not given so.", stage=entry.stage)
        yield Fault((*path, "measure"), message, entry.measure, of_stage)


def _subject_faults(path: KeyPath, entry: Entry) -> Iterator[Fault]:
    if entry.stage is None and entry.measure != "finding":
        message = worded("An effect acts on a stage.")
        yield Fault((*path, "stage"), message, worded("nothing"), ", ".join(MEASURE_OF_STAGE))
    if entry.component is None and entry.kind == "judgement":
        message = worded("A judgement is about one component.")
        yield Fault((*path, "component"), message, worded("nothing"), ", ".join(COMPONENTS))
    for position, term in enumerate(entry.about):
        if term not in TERMS:
            where = (*path, "about", position)
            yield Fault(where, worded("There is no such term."), term, near_names(term, TERMS))


# ------------------------------------------------------------------ numbers


def _term_faults(id_: str, term: Term) -> Iterator[Fault]:
    path: KeyPath = ("terms", id_)
    yield from _grade_faults(path, term)
    shape = "logit_normal" if id_ in SHARES else "lognormal"
    if term.shape != shape:
        message = worded(_OF_A_SHARE if id_ in SHARES else _OF_NO_SHARE, id=id_)
        yield Fault((*path, "shape"), message, term.shape, shape)
    yield from _number_faults(path, term, _range_of(id_))


def _range_of(term_id: str) -> str:
    return worded("above 0 and below 1") if term_id in SHARES else worded("above 0")


def _number_faults(path: KeyPath, numbers: Estimate | Change, allowed: str) -> Iterator[Fault]:
    """Numbers outside their range, out of order, or with an impossible level."""
    ceiling = 1.0 if "below 1" in allowed else float("inf")
    outside = False
    for key in ("low", "value", "high"):
        number = getattr(numbers, key)
        if not 0 < number < ceiling:
            outside = True
            yield Fault((*path, key), worded("The number is out of range."), f"{number:g}", allowed)
    if not outside and not numbers.low <= numbers.value <= numbers.high:
        found = f"low {numbers.low:g}, value {numbers.value:g}, high {numbers.high:g}"
        yield Fault(path, worded("The numbers are not in order."), found, "low <= value <= high")
    if numbers.level is not None and not 0 < numbers.level < 1:
        message = worded("The level is the chance that the interval holds the number.")
        yield Fault((*path, "level"), message, f"{numbers.level:g}", worded("above 0 and below 1"))


# ------------------------------------------------------------------ presets


def _preset_faults(library: EffectLibrary, id_: str, preset: Preset) -> Iterator[Fault]:
    path: KeyPath = ("presets", id_)
    known = {entry.id: entry for entry in library.entries}
    chosen: list[tuple[KeyPath, Entry]] = []
    for position, name in enumerate(preset.entries):
        where = (*path, "entries", position)
        if name in known:
            chosen.append((where, known[name]))
        else:
            yield Fault(where, worded("There is no such entry."), name, near_names(name, known))
    yield from _chosen_faults(path, id_, chosen)
    for term_id, change in preset.terms.items():
        where = (*path, "terms", term_id)
        if term_id in TERMS:
            yield from _number_faults(where, change, _range_of(term_id))
        else:
            yield Fault(
                where, worded("There is no such term."), term_id, near_names(term_id, TERMS)
            )


def _chosen_faults(path: KeyPath, id_: str, chosen: list[tuple[KeyPath, Entry]]) -> Iterator[Fault]:
    usable = [(where, entry) for where, entry in chosen if entry.usable]
    for where, entry in chosen:
        if not entry.usable:
            message = worded("The model can't start from this entry.")
            allowed = worded(
                "an entry with a component and an effect: an odds_ratio, or a ratio at suspected"
            )
            yield Fault(where, message, f"{entry.id}, a {entry.measure}", allowed)
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for where, entry in usable:
        seen[entry.component, entry.stage] += 1
        if seen[entry.component, entry.stage] > 1:
            message = worded(
                "Another entry is about {component} at {stage} already.",
                component=entry.component,
                stage=entry.stage,
            )
            yield Fault(where, message, entry.id, worded("one entry for a component at a stage"))
        if id_ == "null" and entry.effect and (entry.effect.low, entry.effect.high) != (1, 1):
            message = worded("The preset 'null' stands for no effect at all.")
            yield Fault(
                where, message, entry.id, worded("an entry whose value, low and high are 1")
            )
    for component in COMPONENTS:
        if len(usable) == len(chosen) and component not in {e.component for _, e in usable}:
            message = worded(
                "The preset has no entry of the component '{component}'.", component=component
            )
            found = ", ".join(entry.id for _, entry in usable) or worded("none")
            yield Fault(
                (*path, "entries"), message, found, worded("at least one for each component")
            )
