"""The docs do what they say: every snippet runs, every printed result is what comes out.

Each page is walked from top to bottom in a working copy of its own. What a fence says:

- `python`: runs, in one namespace for the page;
- `text output`: is what the Python or the command before it printed;
- `console`: each line is a command that ends with exit code 0;
- any language with `file=PATH`: that file is made;
- any language with `add=PATH after=TEXT`: these lines are put in after the one line with TEXT;
- any language with `put=PATH for=TEXT`: these lines take the place of the one line with TEXT;
- everything else (`sh`, `text`, `yaml`, ...) is only read.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import gapatlas
from gapatlas import cli
from gapatlas.config.vocabulary import STAGE_UNITS
from tests.fixtures.importers.published import fbi_row, write_fbi
from tools import config_reference
from tests.shipped_snapshots import shipped_snapshots

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
PAGES += sorted(DOCS.rglob("*.md"))
IN_A_COPY = (
    "config.yaml", "config.schema.json", "dashboard.py", "pyproject.toml", "data", "gapatlas",
    "docs/examples", "docs/profiles", "pages", "static", "tests/conftest.py", "tests/support.py", "tests/shipped_snapshots.py",
    "tests/worked_examples.py", "tests/spec/conftest.py", ".streamlit",
)  # fmt: skip
COMMANDS_OF_TOOLS = {"pytest", "ruff"}

FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """One fenced block of a page."""

    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def options(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self.words if "=" in word)


@dataclass
class Walk:
    """A page being walked through in its working copy."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "docs"})
    printed: str = ""

    def step(self, fence: Fence) -> None:
        options = fence.options
        if "file" in options:
            self._make(options["file"], fence.text)
        elif "add" in options:
            self._put(options["add"], options["after"], fence.text, keep=True)
        elif "put" in options:
            self._put(options["put"], options["for"], fence.text, keep=False)
        elif fence.language == "python":
            self._run_python(fence)
        elif fence.language == "console":
            self.printed = "".join(self._run(line) for line in fence.text.splitlines())
        elif "output" in fence.words:
            assert _trimmed(self.printed) == _trimmed(fence.text)

    def _make(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _put(self, name: str, mark: str, text: str, *, keep: bool) -> None:
        """Put lines behind the one line with a mark, or in its place."""
        path = self.folder / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (found,) = [number for number, line in enumerate(lines) if mark in line]
        lines[found : found + 1] = [lines[found], text] if keep else [text]
        path.write_text("".join(lines), encoding="utf-8")

    def _run_python(self, fence: Fence) -> None:
        # Padded with empty lines, so that a traceback names the line of the page.
        code = compile("\n" * fence.line + fence.text, "page", "exec")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(code, self.names)  # noqa: S102
        self.printed = out.getvalue()

    def _run(self, line: str) -> str:
        command, *arguments = shlex.split(line)
        if command == "gapatlas":
            return _run_gapatlas(arguments)
        assert command in COMMANDS_OF_TOOLS, f"only gapatlas and its tools run here, not: {line}"
        done = subprocess.run(
            [sys.executable, "-m", command, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout


def _run_gapatlas(arguments: list[str]) -> str:
    out, error = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(error),
    ):
        patch.setattr(sys, "argv", ["gapatlas", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
    assert end.value.code in (0, None), out.getvalue() + error.getvalue()
    return out.getvalue()


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def fences(page: Path) -> Iterator[Fence]:
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Fence(line, found[1], tuple(found[2].split()), found[3])


def shown(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def slugs(page: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def read_docs() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages that start from the same files share what they build."""
    return shipped_snapshots(tmp_path_factory)


@pytest.fixture
def working_copy(tmp_path: Path, snapshots: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "copy"
    for name in IN_A_COPY:
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    rows = [fbi_row(year=2023), fbi_row(year=2024), fbi_row("UT", 2024)]
    (copy / "downloads").mkdir()
    write_fbi(copy / "downloads" / "HT_2013-2024.csv", rows)
    monkeypatch.chdir(copy)
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))
    # Pages keep one atlas for each config path, so each copy needs a path of its own.
    monkeypatch.setenv("GAPATLAS_CONFIG", str(copy / "config.yaml"))
    monkeypatch.setenv("COLUMNS", "80")
    return copy


# ---------------------------------------------------------------- snippets


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(True for _ in fences(page))], ids=shown
)
def test_every_snippet_of_a_page_runs_and_prints_what_the_page_says(
    page: Path, working_copy: Path
) -> None:
    walk = Walk(working_copy)
    for fence in fences(page):
        try:
            walk.step(fence)
        except Exception as error:
            error.add_note(f"{shown(page)}, line {fence.line}: ```{fence.language}")
            raise
    walk.names.clear()


def test_every_fence_is_closed_and_names_its_language() -> None:
    for page in PAGES:
        lines = page.read_text(encoding="utf-8").count("\n```")
        assert lines == 2 * len(list(fences(page))), shown(page)


def test_the_readme_shows_the_lines_that_the_library_promises() -> None:
    python = "\n".join(f.text for f in fences(ROOT / "README.md") if f.language == "python")
    for call in (
        'gapatlas.open_atlas("config.yaml")', "atlas.measure(", "frame.data", 'frame.chart("map")',
        "atlas.measures()", "atlas.sources()", "atlas.jurisdictions()",
    ):  # fmt: skip
        assert call in python


# ---------------------------------------------------------------- links and completeness


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_relative_link_points_to_a_file_and_a_heading(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        assert not heading or heading in slugs(file), target


def test_the_map_of_the_docs_leads_to_every_page() -> None:
    targets = LINK.findall((DOCS / "README.md").read_text(encoding="utf-8"))
    linked = {(DOCS / target.split("#")[0]).resolve() for target in targets}
    assert [shown(p) for p in PAGES if p not in linked and p != DOCS / "README.md"] == []


@pytest.mark.parametrize(
    ("owner", "variable"), [(gapatlas.Atlas, "atlas"), (gapatlas.AtlasFrame, "frame")]
)
def test_every_public_function_of_the_library_is_in_the_docs(owner: type, variable: str) -> None:
    docs = read_docs()
    members = [name for name, _ in config_reference.public_members(owner)]
    assert len(members) >= 3
    assert [name for name in members if f"{variable}.{name}" not in docs] == []


def test_every_command_is_in_the_docs() -> None:
    commands = [c.name or c.callback.__name__ for c in cli.app.registered_commands if c.callback]
    assert len(commands) >= 6
    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert [name for name in commands if f"## gapatlas {name}" not in page] == []


def test_every_config_key_has_a_description() -> None:
    assert config_reference.keys_without_description() == []


@pytest.mark.parametrize("name", sorted(config_reference.PAGES))
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    written = (config_reference.FOLDER / name).read_text(encoding="utf-8")
    made = config_reference.PAGES[name]()
    assert written == made, "run: python -m tools.config_reference"


def test_the_stages_and_units_of_the_data_model_are_those_of_the_code() -> None:
    text = (DOCS / "explanation" / "data-model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    assert {stage: tuple(re.findall(r"`(\w+)`", units)) for stage, units in rows} == STAGE_UNITS


def test_every_shipped_dataset_is_explained() -> None:
    text = (DOCS / "explanation" / "sources.md").read_text(encoding="utf-8")
    folders = sorted(path.parent.name for path in (ROOT / "data").glob("*/descriptor.yaml"))
    assert len(folders) >= 8
    assert [name for name in folders if f"`data/{name}`" not in text] == []
