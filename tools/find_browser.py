"""Find the Chromium that drives the browser tests, the benchmarks and the screenshots.

`python -m tools.find_browser` prints its path, and exits with 1 where there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Quiet on the network: a test talks to the app on this machine and to nothing else.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserNotFoundError(Exception):
    """No Chromium on this machine; the message says how to get one."""


def find_chromium(playwright: Playwright) -> Path:
    """Return the executable: CHROMIUM, else one on the path, else Playwright's own.

    Raises:
        BrowserNotFoundError: if there is none, or if CHROMIUM names no file.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserNotFoundError(f"CHROMIUM names no program: {named}")
        return Path(found)
    on_path = (shutil.which(command) for command in COMMANDS)
    candidates = [Path(found) for found in on_path if found]
    candidates.append(Path(playwright.chromium.executable_path))
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise BrowserNotFoundError(
        "No Chromium found. Run `make browser`, or set CHROMIUM to its path."
    )


def launch_chromium(playwright: Playwright) -> Browser:
    """Start a headless Chromium with an empty profile of its own; the caller closes it.

    Raises:
        BrowserNotFoundError: if there is none on this machine.
    """
    return playwright.chromium.launch(
        executable_path=find_chromium(playwright), headless=True, args=list(FLAGS)
    )


def launch_with_profile(playwright: Playwright, folder: Path) -> BrowserContext:
    """Start a headless Chromium that keeps its profile in a folder; the caller closes it.

    Compiled scripts are kept on disk, so that a page opens in three quarters of the time.

    Raises:
        BrowserNotFoundError: if there is none on this machine.
    """
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=find_chromium(playwright), headless=True, args=list(FLAGS)
    )


def main() -> int:
    """Print the path of the Chromium that would be used; 1 where there is none."""
    with sync_playwright() as playwright:
        try:
            print(f"Browser: {find_chromium(playwright)}")
        except BrowserNotFoundError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
