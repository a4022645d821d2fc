"""Write the reference pages of the docs: config keys, measures, effect library, library.

python -m tools.config_reference            writes docs/reference/*.md anew
python -m tools.config_reference --check    says which page is out of date, and writes nothing
"""

from __future__ import annotations

import argparse
import functools
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import gapatlas
from gapatlas.config import Config, EffectLibrary, Entry, Measure, load_config, load_effects
from gapatlas.config.effect_models import COMPONENTS, Estimate
from gapatlas.config.vocabulary import STAGE_UNITS
from gapatlas.measures import INTERVAL_WORDS, MeasureFrame, Measures

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "reference"
SAID_ELSEWHERE: Final[dict[Any, Any]] = {
    gapatlas.Atlas.measure: Measures.measure,
    gapatlas.AtlasFrame: MeasureFrame,
}
"""What a docstring leaves to the docstring of something that readers do not call themselves."""

MADE_BY: Final = (
    "<!-- Made by `python -m tools.config_reference`: edit the code, not this page. -->"
)

LEVEL_WORDS: Final = {
    "country": "countries",
    "us_state": "US states and territories",
    "province": "provinces",
    "region": "regions and the world",
}
Schema = dict[str, Any]


# ---------------------------------------------------------------- config.yaml


def config_page() -> str:
    """Markdown page of every key of `config.yaml`: meaning, what is allowed, default."""
    schema = Config.model_json_schema()
    definitions: dict[str, Schema] = schema["$defs"]
    parts = [
        MADE_BY,
        "# Every key of `config.yaml`",
        "Unknown keys, keys that stand twice and values outside the limits below are refused, "
        "each with its line. Paths count from the folder of the config and may not leave it. "
        "[Your own config](../how-to/own-config.md) shows a whole file.",
        *_section("Top level", schema, definitions),
    ]
    for name, place in _places_of(schema, definitions).items():
        parts += _section(f"`{place}`", definitions[name], definitions)
        if name == "StageCount":
            parts += ["Each stage and the units in which it may be counted:", _stage_table()]
    return "\n\n".join(parts) + "\n"


def _section(title: str, schema: Schema, definitions: dict[str, Schema]) -> list[str]:
    rows = ["| key | meaning | allowed | default |", "|---|---|---|---|"]
    required = schema.get("required", [])
    for key, value in schema["properties"].items():
        default = "required" if key in required else _default(value.get("default"))
        meaning = _cell(_description(value, definitions))
        rows.append(f"| `{key}` | {meaning} | {_cell(_allowed(value, definitions))} | {default} |")
    about = "" if title == "Top level" else _one_line(schema.get("description", ""))
    return [f"## {title}", *([about] if about else []), "\n".join(rows)]


def _stage_table() -> str:
    rows = [
        f"| `{stage}` | {', '.join(f'`{u}`' for u in units)} |"
        for stage, units in STAGE_UNITS.items()
    ]
    return "\n".join(["| stage | units |", "|---|---|", *rows])


def _description(value: Schema, definitions: dict[str, Schema]) -> str:
    """Description of a key; a block whose key says what its model says is described there."""
    named = definitions.get(str(value.get("$ref", "")).rsplit("/", 1)[-1], {})
    return str(value.get("description") or named.get("description") or "").strip()


def _places_of(schema: Schema, definitions: dict[str, Schema]) -> dict[str, str]:
    """Name of each model -> where in the file it stands, in the order of the file."""
    places: dict[str, str] = {}

    def walk(part: Schema, path: str) -> None:
        for key, value in part["properties"].items():
            for name, suffix in _models_in(value):
                if name not in places:
                    places[name] = f"{path}{key}{suffix}"
                    walk(definitions[name], f"{path}{key}{suffix}.")

    walk(schema, "")
    return places


def _choices(schema: Schema) -> list[Schema]:
    """What a value may be where it may be one of several kinds."""
    return list(schema.get("anyOf") or schema.get("oneOf") or [])


def _models_in(schema: Schema) -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        yield schema["$ref"].rsplit("/", 1)[-1], ""
    for choice in _choices(schema):
        yield from _models_in(choice)
    if "items" in schema:
        for name, suffix in _models_in(schema["items"]):
            yield name, f"[]{suffix}"
    for block in schema.get("patternProperties", {}).values():
        for name, suffix in _models_in(block):
            yield name, f".<id>{suffix}"
    named = schema.get("additionalProperties")
    if isinstance(named, dict) and "$ref" in named:
        for name, suffix in _models_in(named):
            yield name, f".<name>{suffix}"


def _allowed(schema: Schema, definitions: dict[str, Schema]) -> str:
    if "$ref" in schema:
        return "a block, see below"
    if choices := _choices(schema):
        return " or ".join(_allowed(choice, definitions) for choice in choices)
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    return _KINDS[schema["type"]](schema)


def _number(kind: str) -> Callable[[Schema], str]:
    def words(schema: Schema) -> str:
        low = schema.get("minimum")
        high = schema.get("maximum")
        if low is None and "exclusiveMinimum" in schema:
            return f"{kind} above {schema['exclusiveMinimum']:g}, at most {high:g}"
        return kind if low is None else f"{kind} from {low} to {high}"

    return words


def _text(schema: Schema) -> str:
    if schema.get("pattern", "").startswith("^[A-Z"):
        return "at most 20 letters, digits and `_`, `-`, `.`"
    if "pattern" in schema:
        return "an id: small letters, digits and `_`, a letter first"
    return "a text"


def _list(schema: Schema) -> str:
    if "prefixItems" in schema:
        items = schema["prefixItems"]
        return f"a list of {len(items)}, each {_KINDS[items[0]['type']](items[0])}"
    items = schema["items"]
    return "a list of blocks" if "$ref" in items else f"a list, each {_allowed(items, {})}"


def _blocks(schema: Schema) -> str:
    values = schema.get("additionalProperties", {})
    if "$ref" in values:
        return "a block for each, see below"
    if "anyOf" in values or values.get("type") == "array":
        return f"for each {_allowed(values, {})}"
    if values.get("type") == "object":
        return "for each a block with a text for each"
    if "enum" in values:
        return f"for each one of {_allowed(values, {})}"
    return "a text for each" if values.get("type") == "string" else "blocks by id, see below"


_KINDS: Final[dict[str, Callable[[Schema], str]]] = {
    "array": _list,
    "boolean": lambda _: "`true` or `false`",
    "integer": _number("a whole number"),
    "null": lambda _: "nothing",
    "number": _number("a number"),
    "object": _blocks,
    "string": _text,
}


def _default(value: object) -> str:
    if value in (None, "", [], {}):
        return "none"
    if isinstance(value, dict):
        return "the defaults below"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def keys_without_description() -> list[str]:
    """Keys of config and effect library, as `Model.key`, that no description explains."""
    found = []
    for model in (Config, EffectLibrary):
        schema = model.model_json_schema()
        definitions: dict[str, Schema] = schema["$defs"]
        found += [
            f"{name}.{key}"
            for name, part in {model.__name__: schema, **definitions}.items()
            for key, value in part["properties"].items()
            if not _description(value, definitions)
        ]
    return found


# ---------------------------------------------------------------- measures


def measures_page(config_path: Path = ROOT / "config.yaml") -> str:
    """Markdown page of every measure of a config: definition, unit, caution, interval."""
    config = load_config(config_path).config
    parts = [
        MADE_BY,
        "# Every measure",
        "The measures of the shipped `config.yaml`. Each is a numerator divided by a denominator, "
        "times a number. [How the intervals are made](../explanation/intervals.md).",
    ]
    for id_, measure in config.measures.items():
        parts += [f"## {measure.title}", _measure_table(id_, measure), _cell(measure.definition)]
        parts.append(f"**Mind:** {_cell(measure.mind)}")
    return "\n\n".join(parts) + "\n"


def _measure_table(id_: str, measure: Measure) -> str:
    numerator = measure.numerator.label
    if measure.below is None:
        what = "Population" if measure.exposure == "people" else measure.exposure.capitalize()
        denominator = f"{what}, summed over the years used"
    else:
        denominator = measure.below.label
    rows = {
        "id": f"`{id_}`",
        "formula": f"{numerator} / {denominator} × {measure.per:,}",
        "unit": measure.unit,
        "interval": INTERVAL_WORDS[measure.interval],
        "places": LEVEL_WORDS[measure.level],
        "source": f"`{measure.source}` unless another is asked for",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {k} | {_cell(v)} |" for k, v in rows.items())])


# ---------------------------------------------------------------- effect library


def effects_page(config_path: Path = ROOT / "config.yaml") -> str:
    """Markdown page of the effect library: every key, and all that the shipped one holds."""
    loaded = load_config(config_path)
    assert loaded.config.training is not None
    library = load_effects(loaded.resolve(loaded.config.training.library))
    parts = [
        MADE_BY,
        "# The effect library",
        "What is known, and what is only believed, of the effects of training: a YAML file that "
        "`training.library` in `config.yaml` names. [How to edit it]"
        "(../how-to/edit-the-effect-library.md). The first part of this page says what the shipped "
        "library holds, the second which keys a library has.",
        "No published causal estimate of what training does to convictions for trafficking was "
        "found. So whatever the model starts from is a judgement, and says so.",
        *_shipped_library(library),
        "## Every key",
        "Unknown keys and ids, keys and ids that stand twice, and values outside the limits below "
        "are refused, each with its line. Further rules:",
        _rules_of_library(),
    ]
    schema = EffectLibrary.model_json_schema()
    definitions: dict[str, Schema] = schema["$defs"]
    parts += _section("Top level", schema, definitions)[1:]
    for name, place in _places_of(schema, definitions).items():
        heading, *rest = _section(f"`{place}`", definitions[name], definitions)
        parts += [f"#{heading}", *rest]
    return "\n\n".join(parts) + "\n"


def _shipped_library(library: EffectLibrary) -> list[str]:
    evidence = [entry for entry in library.entries if entry.kind == "evidence"]
    judged = [entry for entry in library.entries if entry.kind == "judgement"]
    return [
        "## Grades",
        _table(("grade", "meaning"), ((f"**{g}**", text) for g, text in library.grades.items())),
        "## Components",
        _table(
            ("component", "what is taught", "to whom", "meant to change most"),
            (
                (c.title, c.definition, c.trainees, f"`{c.stage}`")
                for c in (library.components[id_] for id_ in COMPONENTS)
            ),
        ),
        "## What studies found",
        _table(
            ("study", "tells of", "found", "how", "where", "grade", "citation", "mind"),
            (
                (
                    entry.title,
                    _subject(library, entry),
                    entry.found or "",
                    entry.design,
                    entry.setting,
                    entry.grade,
                    entry.citation,
                    entry.note or "",
                )
                for entry in evidence
            ),
        ),
        "## What the model starts from",
        "Each is a judgement, grade D. An effect is a ratio against no training: 1 is no effect, "
        "below 1 is harm. At `suspected` it multiplies suspects for each victim, at the other "
        "stages the odds of passing. The discount is the part that is taken not to carry over.",
        _table(
            ("entry", "tells of", "effect", "discount", "preset", "how", "mind"),
            (
                (
                    f"`{entry.id}`",
                    _subject(library, entry),
                    _interval(entry.effect) if entry.effect else "",
                    f"{entry.transport_discount:g}",
                    ", ".join(p.title for p in library.presets.values() if entry.id in p.entries),
                    entry.design,
                    entry.note or "",
                )
                for entry in judged
            ),
        ),
        "## Presets",
        _table(
            ("preset", "what somebody believes who starts from it", "terms that differ"),
            (
                (
                    f"`{id_}`",
                    preset.description,
                    ", ".join(
                        f"`{term}` {_interval(library.preset_terms(id_)[term])}"
                        for term in preset.terms
                    )
                    or "none",
                )
                for id_, preset in library.presets.items()
            ),
        ),
        "## Terms",
        "What the model rests on besides effects:",
        _table(
            ("term", "value", "unit", "kind", "grade", "citation", "mind"),
            (
                (
                    f"`{id_}`",
                    _interval(term),
                    term.unit,
                    term.kind,
                    term.grade,
                    term.citation,
                    term.note or "",
                )
                for id_, term in library.terms.items()
            ),
        ),
    ]


def _subject(library: EffectLibrary, entry: Entry) -> str:
    """What an entry tells of: a component, a stage, terms."""
    component = library.components[entry.component].title if entry.component else "Training"
    if entry.stage:
        return f"{component} at `{entry.stage}`"
    return ", ".join(f"`{term}`" for term in entry.about) or component


def _interval(estimate: Estimate) -> str:
    value, low, high = (f"{number:,g}" for number in (estimate.value, estimate.low, estimate.high))
    if low == high:
        return f"{value}, taken as certain"
    return f"{value} ({estimate.level:.0%} {low} to {high})"


def _rules_of_library() -> str:
    return "\n".join(
        (
            "- An effect is above 0, a share lies between 0 and 1, a cost and a half-life are "
            "above 0; `low`, `value` and `high` are in that order. Equal, they are a known number.",
            "- The currency is an ISO 4217 code, and the units of the costs name it.",
            "- Effects at `suspected` are a `ratio`; at the other stages they are an `odds_ratio`. "
            "A study may print another ratio: it is shown, and no preset can use it.",
            "- A `judgement` has grade D and no other; `evidence` has A, B or C and says what was "
            "`found`.",
            "- A preset has an entry for each component, and no two for one component at one "
            'stage. All effects of the preset `"null"` are exactly 1; its id stands in quotes, '
            "because YAML reads the bare word as nothing.",
            "- What does not carry over shrinks the logarithm m of an effect to (1 - d) m, with d "
            "the discount, and widens its spread s to the root of s² + (d m)².",
        )
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# ---------------------------------------------------------------- library


def library_page() -> str:
    """Markdown page of the library's public functions, from their signatures and docstrings."""
    parts = [
        MADE_BY,
        "# The library",
        "The same calls serve pages and notebooks, so they give the same numbers. "
        "[The quickstart notebook](../../notebooks/quickstart.ipynb) shows them at work; "
        "[work in a notebook](../how-to/work-in-a-notebook.md) goes from a link to its figures and "
        "back.",
        "## gapatlas",
        *_described("gapatlas.open_atlas", gapatlas.open_atlas),
    ]
    parts += _described("gapatlas.compare", gapatlas.compare)
    parts += _described("gapatlas.brief", gapatlas.brief)
    parts += _described("gapatlas.answers", gapatlas.answers)
    parts += _described("gapatlas.from_link", gapatlas.from_link)
    parts += _described("gapatlas.opening", gapatlas.opening)
    parts += _described("Opening", gapatlas.Opening)
    parts += _described("gapatlas.case_evidence", gapatlas.case_evidence)
    owners = (
        (gapatlas.Atlas, "atlas"),
        (gapatlas.AtlasFrame, "frame"),
        (gapatlas.Comparison, "comparison"),
        (gapatlas.CaseEvidence, "found"),
    )
    for owner, variable in owners:
        parts += [f"## {owner.__name__}", _documented(owner)]
        for name, member in public_members(owner):
            parts += _described(f"{variable}.{name}", member)
    return "\n\n".join(parts) + "\n"


KINDS_OF_PROPERTY: Final = (property, functools.cached_property)


def public_members(owner: type) -> list[tuple[str, Any]]:
    """Methods and properties of a class for its users, in the order of the code."""
    return [
        (name, member)
        for name, member in vars(owner).items()
        if not name.startswith("_")
        and (inspect.isfunction(member) or isinstance(member, KINDS_OF_PROPERTY))
    ]


def _described(name: str, member: Any) -> list[str]:
    if isinstance(member, KINDS_OF_PROPERTY):
        return [f"### {name}", _documented(member)]
    signature = inspect.signature(member)
    shown = [p for p in signature.parameters.values() if p.name != "self"]
    header = f"{name}{signature.replace(parameters=shown)}"
    header = re.sub(r"(: |-> )'([^']*)'", r"\1\2", header)
    return [f"### {name}", f"```text\n{_wrapped(header)}\n```", _documented(member)]


def _documented(member: Any) -> str:
    text = inspect.getdoc(member)
    if not text:
        raise ValueError(f"{member!r} has no docstring")
    if member in SAID_ELSEWHERE:
        text = inspect.getdoc(SAID_ELSEWHERE[member]) or text
    return f"```text\n{text}\n```"


def _wrapped(signature: str, width: int = 96) -> str:
    """A signature on one line where it fits, else one parameter a line."""
    if len(signature) <= width:
        return signature
    head, _, rest = signature.partition("(")
    inside, _, tail = rest.rpartition(")")
    parameters = re.split(r", (?=\w+:|\*)", inside)
    return "\n".join([f"{head}(", *(f"    {parameter}," for parameter in parameters), f"){tail}"])


# ---------------------------------------------------------------- writing


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|").replace("<", "&lt;")


PAGES: Final[dict[str, Callable[[], str]]] = {
    "config.md": config_page,
    "measures.md": measures_page,
    "effect-library.md": effects_page,
    "library.md": library_page,
}


def out_of_date() -> list[str]:
    """Names of the reference pages that differ from what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != page()
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or check them; 1 where a check finds one out of date."""
    parser = argparse.ArgumentParser(prog="tools.config_reference", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true", help="write nothing; compare")
    stale = out_of_date()
    if parser.parse_args(argv).check:
        print(*(f"docs/reference/{name} is out of date" for name in stale), sep="\n")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"Wrote docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
