"""The rules of the repository itself: what stands where, and what stands nowhere."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tools import example_files

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 5_000_000
LONGEST_PAGE = 120
FIXED_TOP_LEVEL = (
    "dashboard.py",
    "pages",
    "data",
    "config.yaml",
    "requirements.txt",
    "tests",
    "README.md",
)
BESIDE_THEM = (
    "gapatlas",
    "static",
    "docs",
    "notebooks",
    "benchmarks",
    "tools",
    "Makefile",
    "pyproject.toml",
    ".streamlit/config.toml",
    "config.schema.json",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    ".ci/run",
)
PAGES = sorted((ROOT / "pages").glob("*.py"))
SQL_IN_TEXT = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\b[\s\S]*\b(?:FROM|INTO|TABLE)\b"
)


@cache
def files() -> tuple[Path, ...]:
    """Every file that is committed, or would be."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [ROOT / name for name in listed.split("\0") if name]
    return tuple(path for path in found if path.is_file())


def python_files(*folders: str) -> list[Path]:
    wanted = [ROOT / folder for folder in folders]
    return [
        path
        for path in files()
        if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in wanted)
    ]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Top names of the packages that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file that is text."""
    for path in files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# ------------------------------------------------------------------ what there is


@pytest.mark.parametrize("name", FIXED_TOP_LEVEL + BESIDE_THEM)
def test_the_top_level_has_its_names(name: str) -> None:
    assert (ROOT / name).exists()


def test_no_file_is_large() -> None:
    large = [path.name for path in files() if path.stat().st_size > LARGEST_BYTES]
    assert large == []


def test_no_snapshot_and_no_published_file_is_committed() -> None:
    kinds = (".duckdb", ".wal", ".xlsx", ".xls", ".zip", ".tgz", ".parquet")
    made_up = {ROOT / "data" / "synthetic_cases" / "cases.parquet"}
    made_up |= {ROOT / "docs" / name for name in example_files.BINARY}
    found = {path for path in files() if path.suffix in kinds}
    assert sorted(path.name for path in found - made_up) == []
    assert sorted(path.name for path in made_up - found) == []


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("page", [ROOT / "dashboard.py", *PAGES], ids=lambda page: page.name)
def test_a_page_is_thin(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_PAGE
    assert imported(page) <= {"__future__", "streamlit", "gapatlas"}
    assert not SQL_IN_TEXT.search(text)
    assert not re.search(r"\bunsafe_allow_html\b", text)


def test_every_page_is_in_the_menu_and_every_menu_entry_is_a_page() -> None:
    listed = re.findall(r'"pages/(\w+\.py)"', (ROOT / "dashboard.py").read_text(encoding="utf-8"))
    assert sorted(listed) == [page.name for page in PAGES]


def test_streamlit_is_imported_in_pages_and_ui_alone() -> None:
    allowed = ROOT / "gapatlas" / "ui"
    found = [
        path.relative_to(ROOT).as_posix()
        for path in python_files("gapatlas", "tools")
        if "streamlit" in imported(path) and not path.is_relative_to(allowed)
    ]
    assert found == []


# ------------------------------------------------------------------ SQL


def queries_asked_for() -> set[str]:
    names: set[str] = set()
    for path in python_files("gapatlas"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if called in ("query", "_sql") and isinstance(first, ast.Constant):
                names.add(str(first.value))
    return names


def test_every_query_has_its_file_and_every_file_its_query() -> None:
    there = {path.stem for path in (ROOT / "gapatlas" / "sql").glob("*.sql")}
    assert queries_asked_for() == there


def test_every_query_says_what_it_gives() -> None:
    for path in (ROOT / "gapatlas" / "sql").glob("*.sql"):
        assert path.read_text(encoding="utf-8").startswith("-- "), path.name


def test_sql_stands_in_its_room_and_in_build_alone() -> None:
    rooms = ("build/__init__.py", "build/cases.py", "database.py")
    allowed = {ROOT / "gapatlas" / name for name in rooms}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("gapatlas", "pages")
        if path not in allowed
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SQL_IN_TEXT.search(node.value)
    ]
    assert found == []


# ------------------------------------------------------------------ words


def undocumented(path: Path) -> Iterator[str]:
    module = tree(path)
    if module.body and not ast.get_docstring(module):
        yield path.name
    for node in module.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{path.name}: {node.name}"


def test_every_public_function_and_class_says_what_it_does() -> None:
    assert [name for path in python_files("gapatlas") for name in undocumented(path)] == []


def test_nothing_is_left_to_do() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "HA" + "CK")
    left = re.compile(rf"\b(?:{'|'.join(words)})\b")
    assert [name for name, text in texts() if left.search(text)] == []


def test_no_test_is_skipped() -> None:
    skipping = re.compile(r"pytest\.(?:mark\.)?(?:" + "|".join(("skip", "xfail")) + r")")
    tests = [(name, text) for name, text in texts() if name.startswith("tests/")]
    assert [name for name, text in tests if skipping.search(text)] == []


# ------------------------------------------------------------------ nothing of one machine


def test_no_path_of_one_machine_stands_in_a_text() -> None:
    folders = "|".join(("root", "work", "home", "Users", "mnt", "workspace"))
    pattern = re.compile(rf"(?<![\w.~/$}}])/(?:{folders})/\w|[A-Z]:\\+Users\\")
    found = [
        f"{name}: {match.group()}" for name, text in texts() for match in pattern.finditer(text)
    ]
    assert found == []


def test_the_pinned_packages_name_no_place_to_get_them_from() -> None:
    pinned = re.compile(r"(?:[A-Za-z0-9._-]+==[A-Za-z0-9.]+|\s*#.*|)")
    names = ("requirements.txt", "requirements-dev.txt", "benchmarks/requirements-peers.txt")
    for name in names:
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert pinned.fullmatch(line), f"{name}: {line}"
            assert "://" not in line, f"{name}: {line}"


def test_no_package_index_of_one_network_is_named() -> None:
    kinds = "|".join(("artifactory", "nexus", "devpi", "verdaccio", "pypi-mirror", "simple/?"))
    hosts = re.compile(rf"https?://[^\s\"'<>)]*\b(?:{kinds})(?=[\s\"'<>)./:]|$)", re.IGNORECASE)
    options = re.compile(r"(?<!no-emit-)\b(?:extra-)?index" + r"[-_]url\s*[= ]")
    found = [name for name, text in texts() if hosts.search(text) or options.search(text)]
    assert found == []


# ------------------------------------------------------------------ starting


def test_importing_the_library_loads_nothing_heavy() -> None:
    heavy = ("pandas", "duckdb", "altair", "streamlit", "numpy", "pydantic")
    assert loaded_with("gapatlas", heavy) == "[]"


def test_a_process_that_reads_one_table_loads_little() -> None:
    # It starts once for each table of each build, and what it loads counts as its memory.
    assert loaded_with("gapatlas.reading.child", ("pandas", "duckdb", "pydantic")) == "[]"


def loaded_with(module: str, names: tuple[str, ...]) -> str:
    program = f"import sys, {module}; print([m for m in {names!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
