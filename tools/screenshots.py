"""Take a picture of every page of the app, whole, wide and narrow, light and dark.

python -m tools.screenshots --out screenshots
python -m tools.screenshots --out screenshots --url http://localhost:8501 --pages / /gaps
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tools.find_browser import launch_chromium
from tools.running_app import PageProblems, running_app, wait_until_idle

Scheme = Literal["light", "dark"]

WIDTHS = (1280, 390)
FIRST_HEIGHT = 800
# A page that grows with its window would never be whole: stop there.
MOST_HEIGHT = 12_000

# Streamlit scrolls inside the main section and inside the sidebar, not in the window.
_WHOLE_HEIGHT = """() => Math.max(...['stMain', 'stSidebarContent']
  .map((id) => document.querySelector(`[data-testid="${id}"]`))
  .filter((box) => box && box.clientWidth > 0)
  .map((box) => Math.ceil(box.scrollHeight + innerHeight - box.clientHeight)))"""

_NAVIGATION_LINKS = "[data-testid=stSidebarNavLink], [data-testid=stTopNavLink]"


def page_paths(page: Page) -> list[str]:
    """Return the paths that the navigation of the open page offers, first page first."""
    more = page.get_by_test_id("stSidebarNavViewButton")
    if more.count():
        more.first.click()
    links = page.locator(_NAVIGATION_LINKS).evaluate_all("(all) => all.map((link) => link.href)")
    return list(dict.fromkeys(urlsplit(link).path or "/" for link in links)) or ["/"]


def show_whole(page: Page, width: int) -> None:
    """Make the window as high as the page, so that one picture holds all of it."""
    for _ in range(4):
        size = page.viewport_size
        needed = min(page.evaluate(_WHOLE_HEIGHT), MOST_HEIGHT)
        if size is not None and needed <= size["height"]:
            return
        page.set_viewport_size(ViewportSize(width=width, height=needed))
        wait_until_idle(page)


def open_page(browser: Browser, url: str, width: int, scheme: Scheme) -> tuple[Page, PageProblems]:
    """Open the address in a fresh session and wait until it is drawn."""
    page = browser.new_page(
        viewport=ViewportSize(width=width, height=FIRST_HEIGHT), color_scheme=scheme
    )
    problems = PageProblems()
    problems.watch(page)
    page.goto(url, wait_until="networkidle")
    wait_until_idle(page)
    return page, problems


def take_picture(browser: Browser, url: str, width: int, scheme: Scheme, out: Path) -> list[str]:
    """Write one picture into the folder `out`; return what went wrong in the page, in words."""
    page, problems = open_page(browser, url, width, scheme)
    show_whole(page, width)
    name = urlsplit(url).path.strip("/").replace("/", "-") or "start"
    page.screenshot(path=out / f"{name}-{width}-{scheme}.png", animations="disabled")
    page.close()
    return problems.all()


def find_paths(browser: Browser, url: str) -> list[str]:
    """Return the paths of all pages of the app at `url`."""
    page, _ = open_page(browser, url, WIDTHS[0], "light")
    try:
        return page_paths(page)
    finally:
        page.close()


def take_all(url: str, arguments: argparse.Namespace) -> bool:
    """Take every picture that was asked for; return whether all pages were without a problem."""
    arguments.out.mkdir(parents=True, exist_ok=True)
    in_order = True
    with sync_playwright() as playwright, launch_chromium(playwright) as browser:
        for path in arguments.pages or find_paths(browser, url):
            for width in arguments.widths:
                for scheme in arguments.schemes:
                    address = f"{url}/{path.strip('/')}"
                    problems = take_picture(browser, address, width, scheme, arguments.out)
                    print(f"{path} {width} {scheme}", *problems, sep="\n  ")
                    in_order = in_order and not problems
    return in_order


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="tools.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--url", help="an app that runs already; else one is started")
    parser.add_argument("--script", type=Path, help="another script than dashboard.py to start")
    parser.add_argument("--pages", nargs="+", help="paths; else all that the navigation offers")
    parser.add_argument("--widths", nargs="+", type=int, default=list(WIDTHS))
    parser.add_argument("--schemes", nargs="+", choices=get_args(Scheme), default=["light", "dark"])
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures; 1 if a page had an error in its console or a request that failed."""
    arguments = parse(argv)
    with contextlib.ExitStack() as stack:
        url = arguments.url
        if url is None:
            options = {"script": arguments.script.resolve()} if arguments.script else {}
            url = stack.enter_context(running_app(**options)).url
        return 0 if take_all(url.rstrip("/"), arguments) else 1


if __name__ == "__main__":
    sys.exit(main())
