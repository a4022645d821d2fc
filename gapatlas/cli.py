"""Room `cli`: the commands `gapatlas ...`; `gapatlas --help` lists them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import ENGLISH, LANGUAGES, speaking
from gapatlas.tables import rows
from gapatlas.terminal import shown_progress

if TYPE_CHECKING:
    import pandas as pd

    from gapatlas.catalogue import Catalogue
    from gapatlas.config import EffectLibrary
    from gapatlas.guessing import Started
    from gapatlas.importers import Importer
    from gapatlas.synthesis import SyntheticCopy
    from gapatlas.validate import Checked

EXIT_CODES = (
    "Exit codes: 0 all is well; 1 the input has faults, or something can't be written, and each is "
    "listed; 2 the command was not understood; 130 it was stopped with Ctrl-C."
)
app = typer.Typer(
    help="Gap Atlas: where laws against human trafficking go unenforced.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
FAULTS, INTERRUPTED = 1, 130
INTERRUPTED_QUERY = "Query interrupted"
"""What DuckDB makes of Ctrl-C."""
STOPPED = "Stopped. No half file is left: the last whole snapshot goes on serving."
out = Console()
err = Console(stderr=True)

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="GAPATLAS_CONFIG", help="Path of config.yaml.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
DEFAULT_CONFIG = Path("config.yaml")


@app.command()
def check(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Check config and data; print every problem with file, row, column and what is allowed."""
    from gapatlas.catalogue import read_catalogue
    from gapatlas.config import load_config
    from gapatlas.geography import read_topology, shape_ids
    from gapatlas.validate import validate

    with shown_progress(err, quiet=as_json):
        catalogue = read_catalogue(load_config(config))
        checked = validate(catalogue)
    for map_ in catalogue.loaded.config.maps.values():
        if map_.shapes is not None:
            path = catalogue.loaded.resolve(map_.shapes)
            shape_ids(read_topology(path), map_.feature, path.name)
    if as_json:
        _print_json(_checked(catalogue, checked))
        return
    for notice in checked.notices:
        out.print(f"[yellow]Notice[/] {_plain(notice)}", highlight=False)
    table = Table("Dataset", "Kind", "Rows", "Edition", "Licence")
    for version in catalogue.datasets:
        about = "about " if version.dataset.kind == "cases" else ""
        rows = f"{about}{checked.rows(version.id):,}"
        descriptor = version.descriptor
        cells = (version.id, version.dataset.kind, rows, descriptor.edition, descriptor.licence)
        table.add_row(*map(_plain, cells))
    out.print(table)
    if catalogue.effects is not None:
        out.print(_effects_line(catalogue.effects.library), soft_wrap=True)
    out.print("[green]No problems.[/]")


@app.command()
def init(
    file: Annotated[
        Path, typer.Argument(help="A table or boundary file, in the folder of the config or below.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    header_row: Annotated[int | None, typer.Option(help="Row of the names of columns.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write the files that are missing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a table and write its block for the config, with a question mark where unsure."""
    from gapatlas.catalogue import read_catalogue
    from gapatlas.config import load_config
    from gapatlas.guessing import start
    from gapatlas.validate import known_places

    given = {"sheet": sheet, "header_row": header_row}
    read = {key: value for key, value in given.items() if value is not None}
    places = None
    with shown_progress(err, quiet=as_json):
        if config.exists():
            places = known_places(read_catalogue(load_config(config)))
        found = start(file, config.resolve().parent, places, read)
    if write:
        _write_new(config.resolve().parent, found.files)
    if as_json:
        told = {"block": found.block.text, "questions": found.block.questions}
        _print_json({**told, "files": dict(found.files), "open": found.open})
        return
    out.print(found.block.text, markup=False, highlight=False, soft_wrap=True)
    for question in found.block.questions:
        out.print(f"[yellow]?[/] {_plain(question)}", highlight=False, soft_wrap=True)
    for name in found.files:
        verb = "Wrote" if write else "Missing"
        out.print(f"{verb} {_plain(name)}.", highlight=False, soft_wrap=True)
    if not write and found.files:
        out.print("With --write the missing files are written; no file is replaced.")
    for line in _what_next(found, config.exists()):
        out.print(line, soft_wrap=True)


@app.command()
def build(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Build the snapshot of a config, or reuse it where nothing has changed."""
    from gapatlas.build import build as build_snapshot

    start = time.perf_counter()
    with shown_progress(err, quiet=as_json):
        snapshot = build_snapshot(config)
    seconds = time.perf_counter() - start
    if as_json:
        audits = {id_: list(lines) for id_, lines in snapshot.audits.items()}
        told = {"snapshot": snapshot.id, "reused": snapshot.reused, "audits": audits}
        _print_json({**told, "notices": [notice.as_dict() for notice in snapshot.notices]})
        return
    verb = "Reused" if snapshot.reused else "Built"
    size = snapshot.path.stat().st_size / 1e6
    for dataset, lines in snapshot.audits.items():
        out.print(f"Audit of what is published of {dataset}:")
        out.print("\n".join(f"  {line}" for line in lines), soft_wrap=True, markup=False)
    out.print(f"{verb} snapshot {snapshot.id} ({size:.1f} MB) in {seconds:.1f} s.")


@app.command()
def brief(
    places: Annotated[
        list[str] | None,
        typer.Argument(help="Id of a place, or of up to six, the one that is compared first."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--out", help="File (.pdf, .html or .docx); with --all a folder."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="One brief for every place.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    paper: Annotated[str, typer.Option(help="a4 or letter.")] = "a4",
    format_: Annotated[
        str, typer.Option("--format", help="With --all: pdf, html or docx.")
    ] = "pdf",
    year: Annotated[int | None, typer.Option(help="Last year of the window.")] = None,
    window: Annotated[int, typer.Option(help="Years counted together: 1, 3 or 5.")] = 5,
    source: Annotated[str | None, typer.Option(help="Id of the source.")] = None,
    measure: Annotated[str | None, typer.Option(help="Measure that is compared.")] = None,
    benchmark: Annotated[str, typer.Option(help="What gaps are measured against.")] = "median",
    peers: Annotated[str, typer.Option(help="How peers are chosen.")] = "region",
    site: Annotated[str, typer.Option(help="Address of the app, for the link.")] = "",
    language: Annotated[
        str, typer.Option(help=f"Language of its words: {', '.join(LANGUAGES)}.")
    ] = ENGLISH,
    as_json: JsonOption = False,
) -> None:
    """Write two pages on a place, or on a comparison of up to six."""
    from gapatlas.atlas import open_atlas
    from gapatlas.briefs import Shared, brief_places, briefs_of, path_in

    if into is None:
        raise typer.BadParameter("Say where the brief goes with --out.")
    if every == bool(places):
        raise typer.BadParameter("Name one to six places, or ask for all of them with --all.")
    if language not in LANGUAGES:
        raise typer.BadParameter(f"No words in '{language}'. Allowed: {', '.join(LANGUAGES)}.")
    options = {"year": year, "window": window, "source": source, "measure": measure}
    options |= {"benchmark": benchmark, "peers": peers, "site": site}
    progress = shown_progress(err, quiet=as_json)
    with progress, speaking(language), open_atlas(config) as atlas:
        wanted = {into: list(places or ())}
        if every:
            wanted = {path_in(into, id_, format_): [id_] for id_ in brief_places(atlas)}
        made = briefs_of(Shared.of(atlas), wanted, paper, options)
        written, failed = [], {}
        for path, error in made:
            if error is None:
                written.append(path)
            elif not every:
                raise error
            else:
                failed[path] = error
    if as_json:
        problems = {str(path): error.summary for path, error in failed.items()}
        _print_json({"written": [str(path) for path in written], "failed": problems})
    else:
        for line in _lines_of_briefs(written, failed, every):
            out.print(line, soft_wrap=True, highlight=False)
    if failed:
        raise typer.Exit(FAULTS)


@app.command("link")
def make_link(
    where: Annotated[str, typer.Argument(help="Name of a page, or an address to begin from.")],
    parts: Annotated[
        list[str] | None, typer.Argument(help="Parts of the view, such as place=ROU year=2022.")
    ] = None,
    lock: Annotated[
        bool, typer.Option("--lock", help="Nobody can change it; needs GAPATLAS_LINK_KEY.")
    ] = False,
    base: Annotated[str, typer.Option(help="Address of the app; it goes before the path.")] = "",
    theme: Annotated[str, typer.Option(help="light or dark.")] = "",
    embed: Annotated[bool, typer.Option("--embed", help="For a frame in another page.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Print the address of a view, locked if you like."""
    from gapatlas.atlas import open_atlas
    from gapatlas.links import copied_link

    named = _named_parts(parts or ())
    with open_atlas(config) as atlas:
        address = copied_link(atlas, where, named, base=base, theme=theme, embed=embed, locked=lock)
    if as_json:
        _print_json({"link": address, "locked": lock})
    else:
        out.print(address, soft_wrap=True, markup=False, highlight=False)


def _named_parts(parts: Iterable[str]) -> dict[str, str]:
    """`place=ROU` as a name and a value."""
    named = {}
    for part in parts:
        name, parted, value = part.partition("=")
        if not (name and parted):
            problem = Problem("link", "This is no part.", found=part, allowed="place=ROU, say")
            raise GapAtlasError("A part of a view is written as name=value.", [problem])
        named[name] = value
    return named


@app.command("import")
def import_file(
    importer: Annotated[str, typer.Argument(help="Id of the importer; `list` shows them.")],
    file: Annotated[Path | None, typer.Argument(help="The published file.")] = None,
    into: Annotated[Path | None, typer.Option("--out", help="Folder of the curated table.")] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Also check the counts that a right import reproduces."),
    ] = False,
) -> None:
    """Turn a publisher's file into a curated table in the project's schema."""
    from gapatlas.importers import IMPORTERS

    if importer == "list":
        table = Table("Importer", "Reads")
        for id_, known in sorted(IMPORTERS.items()):
            table.add_row(id_, known.title)
        out.print(table)
        return
    if importer not in IMPORTERS:
        raise GapAtlasError(
            f"There is no importer '{importer}'.",
            [Problem("import", "Unknown importer.", found=importer, allowed=", ".join(IMPORTERS))],
        )
    chosen = IMPORTERS[importer]
    if file is None:
        raise typer.BadParameter("Name the published file that is to be read.")
    if verify and not _verified(chosen, file):
        raise typer.Exit(FAULTS)
    if into is not None:
        result = chosen.read(file)
        for notice in result.notices:
            out.print(f"[yellow]Notice[/] {_plain(notice)}", highlight=False)
        chosen.write(result, into)
        out.print(f"Wrote {', '.join(sorted(result.tables))} to {_plain(into)}.", soft_wrap=True)
    elif not verify:
        raise typer.BadParameter("Say where the table goes with --out, or check it with --verify.")


@app.command()
def synthesise(
    dataset: Annotated[str, typer.Argument(help="Id of a dataset of kind cases.")],
    into: Annotated[Path, typer.Option("--out", help="The copy, a csv file.")],
    config: ConfigOption = DEFAULT_CONFIG,
    k: Annotated[
        int | None,
        typer.Option("--k", help="Least number of persons behind each combination of values."),
    ] = None,
    epsilon: Annotated[
        float | None,
        typer.Option(help="Counts with noise, such as 4; less is safer. Needs pac-synth."),
    ] = None,
    length: Annotated[
        int | None,
        typer.Option(help="So many values at a time are counted: 2 or 3."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Makes the same copy again; keep it secret.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a copy.")] = False,
) -> None:
    """Write a SYNTHETIC copy of a case file: rows that are no persons."""
    from gapatlas.config import load_config
    from gapatlas.synthesis import Settings, case_dataset, refuse_paths, write_copy
    from gapatlas.synthesis import synthesise as copy_of

    loaded = load_config(config)
    disclosure = case_dataset(loaded, dataset).disclosure
    settings = Settings.chosen(disclosure, k=k, epsilon=epsilon, length=length, seed=seed)
    refuse_paths(loaded, dataset, into, overwrite)
    with shown_progress(err):
        copy = copy_of(loaded, dataset, settings)
    write_copy(loaded, dataset, copy, into)
    for line in _lines_of_copy(copy, into):
        out.print(line, soft_wrap=True, highlight=False)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The file of one edition.")],
    new: Annotated[Path, typer.Argument(help="The file of another.")],
    config: ConfigOption = DEFAULT_CONFIG,
    dataset: Annotated[
        str | None,
        typer.Option(help="Id of the dataset; that whose file OLD is, if left out."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--out", help="Folder for the page and the two csv files.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two editions of a dataset: figures that changed, and conclusions that change."""
    from gapatlas.editions import compare_editions, write_diff

    with shown_progress(err, quiet=as_json):
        found = compare_editions(config, old, new, dataset)
    written = write_diff(found, into) if into is not None else []
    if as_json:
        tables = {"figures": found.figures, "conclusions": found.conclusions}
        listed = {
            name: json.loads(table.to_json(orient="records")) for name, table in tables.items()
        }
        _print_json({"dataset": found.dataset_id, "sentences": found.sentences(), **listed})
        return
    for sentence in found.sentences():
        out.print(sentence, soft_wrap=True, highlight=False)
    table = Table("Place", "Measure", "Years", "What changed")
    for row in rows(found.conclusions):
        table.add_row(*map(_plain, (row.name, row.title, row.years, row.what)))
    if table.row_count:
        out.print(table)
    for path in written:
        out.print(f"Wrote {_plain(path)}.", soft_wrap=True)


@app.command()
def dictionary(
    config: ConfigOption = DEFAULT_CONFIG,
    dataset: Annotated[str | None, typer.Option(help="Only this dataset.")] = None,
    into: Annotated[Path | None, typer.Option("--out", help="A csv file to write.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what each column of each dataset means, in which unit, and where it comes from."""
    from gapatlas.catalogue import read_catalogue
    from gapatlas.config import load_config
    from gapatlas.dictionary import data_dictionary
    from gapatlas.export import table_csv

    found = data_dictionary(read_catalogue(load_config(config)), dataset)
    if into is not None:
        into.write_text(table_csv(found, ["Data dictionary"]), encoding="utf-8", newline="")
        out.print(f"Wrote {_plain(into)}.", soft_wrap=True)
    elif as_json:
        _print_json({"columns": _records(found)})
    else:
        table = Table("Dataset", "Column", "Meaning", "Unit", show_lines=True)
        for row in rows(found):
            table.add_row(*map(_plain, (row.dataset, row.column, row.definition, row.unit)))
        out.print(table)


@app.command()
def measures(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the measures of a config with unit, definition and caution."""
    from gapatlas.atlas import open_atlas

    table = Table("Measure", "Unit", "Definition", show_lines=True)
    with open_atlas(config) as atlas:
        for row in rows(atlas.measures()):
            cells = (row.measure_id, row.unit, f"{row.definition} {row.caution}")
            table.add_row(*map(_plain, cells))
    out.print(table)


@app.command()
def schema(
    into: Annotated[Path, typer.Option("--out", help="File to write.")] = Path(
        "config.schema.json"
    ),
) -> None:
    """Write the JSON Schema of config.yaml, which editors use for completion."""
    from gapatlas.config import config_json_schema

    into.write_text(config_json_schema(), encoding="utf-8")
    out.print(f"Wrote {_plain(into)}.", soft_wrap=True)


@app.command()
def run(
    config: ConfigOption = DEFAULT_CONFIG,
    port: Annotated[int, typer.Option(help="Port of the server.")] = 8501,
) -> None:
    """Start the app on a config."""
    from gapatlas.build import build as build_snapshot

    build_snapshot(config)
    environment = {**os.environ, "GAPATLAS_CONFIG": str(config.resolve())}
    dashboard = _dashboard()
    command = [sys.executable, "-m", "streamlit", "run", dashboard.name, "--server.port", str(port)]
    _become(command, environment, dashboard.parent)


@app.command()
def serve(
    config: ConfigOption = DEFAULT_CONFIG,
    workers: Annotated[int, typer.Option(help="Processes of the app.")] = 2,
    host: Annotated[str, typer.Option(help="Address at which readers come in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port at which readers come in.")] = 8501,
    folder: Annotated[
        Path | None, typer.Option(help="Folder of nginx's files; a temporary one if left out.")
    ] = None,
    print_nginx: Annotated[
        bool, typer.Option("--print-nginx", help="Print the configuration of nginx, and end.")
    ] = False,
) -> None:
    """Serve the app by several processes behind nginx, each reader with one of them."""
    import tempfile

    from gapatlas import serving
    from gapatlas.build import build as build_snapshot

    with tempfile.TemporaryDirectory(prefix="gapatlas-") as temporary:
        plan = serving.plan_of(
            config,
            _dashboard(),
            workers=workers,
            host=host,
            port=port,
            folder=folder or Path(temporary),
        )
        if print_nginx:
            out.print(serving.nginx_config(plan), markup=False, highlight=False, soft_wrap=True)
            return
        build_snapshot(config)
        serving.serve(plan, lambda line: err.print(_plain(line), highlight=False))


for _command in app.registered_commands:
    _command.epilog = EXIT_CODES


def _what_next(found: Started, has_config: bool) -> Iterator[str]:
    """What to do with a block."""
    id_ = found.block.dataset_id
    if "config.yaml" in found.files:
        return
    if found.block.kind == "boundaries":
        yield (
            "Put these lines into config.yaml, in place of `places` where they name places. Ids "
            "get a `prefix:` in both blocks if other tables print them with one. Then run "
            "`gapatlas check`."
        )
        return
    if not has_config:
        yield (
            "There is no config.yaml yet, and this table alone makes no rate. Begin with the table "
            "of prosecutions and convictions: `gapatlas init` makes a config of it."
        )
        return
    yield "Put the block under `datasets:`, then run `gapatlas check`."
    if found.block.kind == "population":
        yield f"Name it under `population:` too, for rates per 100,000 people: `- {id_}`."


def _lines_of_briefs(
    written: list[Path], failed: Mapping[Path, GapAtlasError], every: bool
) -> Iterator[str]:
    """What was written, and what was not and why."""
    if not every:
        yield from (f"Wrote {_plain(path)}." for path in written)
        return
    yield f"Wrote {len(written)} briefs; {len(failed)} could not be made."
    for path, error in failed.items():
        yield f"  {_plain(path.name)}: {_plain(error.summary)}"


def _write_new(folder: Path, files: Mapping[str, str]) -> None:
    """Write files that are not there yet."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="") as target:
                target.write(text)
        except FileExistsError:
            problem = Problem(name, "The file is there already.", allowed="a name that is free")
            raise GapAtlasError("Nothing is replaced.", [problem]) from None


def _checked(catalogue: Catalogue, checked: Checked) -> dict[str, Any]:
    """What a check found, for machines."""
    datasets = [
        {
            "id": version.id,
            "kind": version.dataset.kind,
            "rows": checked.rows(version.id),
            "edition": version.descriptor.edition,
            "licence": version.descriptor.licence,
        }
        for version in catalogue.datasets
    ]
    notices = [notice.as_dict() for notice in checked.notices]
    return {"problems": [], "notices": notices, "datasets": datasets}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return list(json.loads(table.to_json(orient="records")))


def _print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1))


def _lines_of_copy(copy: SyntheticCopy, path: Path) -> Iterator[str]:
    """What was written, what it promises, how near it is, and what it is not for."""
    from gapatlas.protection import BRAND
    from gapatlas.synthesis import NOT_FOR, descriptor_path, promises

    settings = copy.settings
    rows, columns = copy.frame.shape
    both = f"{_plain(path)} and {_plain(descriptor_path(path).name)}"
    yield f"Wrote {rows:,} SYNTHETIC rows of {columns} columns: {both}."
    if settings.unprotected:
        yield f"[yellow]{BRAND}.[/]"
    yield from promises(settings)
    yield f"Cells left open: {copy.open_share:.1%}."
    yield "How near its shares are to those of the file, by protected figures (for you alone):"
    for found in copy.qualities:
        yield (
            f"  {found.told}: {found.mean:.1f} percentage points off on average, "
            f"{found.largest:.1f} at most ({found.figures:,} shares)"
        )
    for warning in NOT_FOR:
        yield f"[yellow]Caution[/] {warning}"


def _effects_line(library: EffectLibrary) -> str:
    kinds = Counter(entry.kind for entry in library.entries)
    return (
        f"Effect library: {kinds['evidence']} studies, {kinds['judgement']} judgements, "
        f"{len(library.presets)} presets."
    )


def _dashboard() -> Path:
    """`dashboard.py` in the working folder, else beside the library."""
    beside = Path(__file__).resolve().parent.parent / "dashboard.py"
    for candidate in (Path.cwd() / "dashboard.py", beside):
        if candidate.is_file():
            return candidate
    raise GapAtlasError(
        "There is no dashboard.py here.",
        [Problem("dashboard.py", "The app starts from the folder of the project.")],
    )


def _become(command: list[str], environment: Mapping[str, str], folder: Path) -> None:
    """Go on as another program, so that whoever ends this process ends that one.

    Windows can't do it: there the other program runs until it ends, and its exit code is ours.
    """
    if sys.platform == "win32":
        raise typer.Exit(subprocess.call(command, env=environment, cwd=folder))
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(folder)
    os.execve(command[0], command, environment)


def _verified(importer: Importer, file: Path) -> bool:
    from gapatlas.importers.base import sha256_of

    table = Table("What", "Expected", "Found", "")
    lines = importer.verify(file)
    for what, expected, found, ok in lines:
        known = expected is not None
        mark = "[green]ok[/]" if ok else "[red]differs[/]"
        table.add_row(
            _plain(what),
            _plain(expected) if known else "-",
            _plain(found),
            mark if known else "new",
        )
    out.print(table)
    if file.is_file():
        out.print(f"SHA-256: {sha256_of(file)}", soft_wrap=True, highlight=False)
    return all(ok for *_, ok in lines)


def _plain(text: object) -> str:
    return escape(str(text))


def main() -> None:
    """Entry point: what goes wrong is printed as a list; `EXIT_CODES` says how it ends."""
    try:
        app()
    except GapAtlasError as error:
        _tell(error)
        sys.exit(FAULTS)
    except OSError as error:
        _tell(GapAtlasError(str(error)))
        sys.exit(FAULTS)
    except RuntimeError as error:
        if str(error) != INTERRUPTED_QUERY:
            raise
        _tell(GapAtlasError(STOPPED))
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _tell(GapAtlasError(STOPPED))
        raise


def _tell(error: GapAtlasError) -> None:
    """Print an error: for machines to where they read, for people beside it."""
    if "--json" in sys.argv[1:]:
        problems = [problem.as_dict() for problem in error.problems]
        _print_json({"error": error.summary, "problems": problems})
        return
    err.print(f"[red]{_plain(error.summary)}[/]", highlight=False, soft_wrap=True)
    for problem in error.problems:
        err.print(f"  - {_plain(problem)}", highlight=False, soft_wrap=True)
    if error.problems:
        err.print(f"{len(error.problems)} problem(s).")


if __name__ == "__main__":
    main()
