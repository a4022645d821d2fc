"""Locked links: a signature over a page and its view, so that nobody can change the link unseen.

The key stands in the environment of whoever runs the app, and nowhere else. A lock keeps a link
as it was made. It hides nothing: the app without the lock shows whatever it shows to anybody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Collection, Mapping
from typing import Final

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import mark, say, worded
from gapatlas.state import CARRIED, LOCK

CHANGED: Final = mark(
    "This link was locked by whoever made it, and it was changed since. Ask them for it again, or "
    "open the page without the link."
)
NO_KEY: Final = mark("This link is locked, and this app has no key to check it.")
KEY_NAME: Final = "GAPATLAS_LINK_KEY"
SHORTEST_KEY: Final = 16
_BYTES: Final = 16


class LockError(GapAtlasError):
    """A link that says it is locked and is not as it was made, or can't be checked or made."""


def can_lock() -> bool:
    """Whether locked links can be made and checked here."""
    return len(os.environ.get(KEY_NAME, "")) >= SHORTEST_KEY


def lock_of(page: str, query: Mapping[str, str]) -> str:
    """The signature of a link: 22 signs.

    Args:
        page: file name of the page without its ending.
        query: the parts of its view, the snapshot and the language; a lock among them is left out.

    Raises:
        LockError: the environment holds no key, or one that is too short to be safe.
    """
    key = os.environ.get(KEY_NAME, "")
    if len(key) < SHORTEST_KEY:
        found = worded("{number} signs", number=len(key)) if key else worded("none")
        problem = Problem(
            KEY_NAME,
            worded("No key."),
            found=found,
            allowed=worded("{number} signs or more", number=SHORTEST_KEY),
        )
        raise LockError(
            worded("Locked links need a key in the environment, {name}.", name=KEY_NAME),
            [problem],
        )
    parts = sorted((part, text) for part, text in query.items() if part != LOCK)
    message = json.dumps([page, parts]).encode()
    digest = hmac.digest(key.encode(errors="surrogateescape"), message, hashlib.sha256)[:_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check_lock(page: str, query: Mapping[str, str], known: Collection[str]) -> bool:
    """Whether a link is locked, as it was made.

    Args:
        page: file name of the page without its ending.
        query: every part of the address.
        known: the parts that the page's address has; others, which mail programs add, are not
            part of what is signed.

    Raises:
        LockError: it says that it is locked, and is not as it was made or can't be checked.
    """
    if LOCK not in query:
        return False
    if not can_lock():
        problem = Problem(
            "link", worded("A locked link can't be checked here."), found=worded("a lock")
        )
        raise LockError(say(NO_KEY), [problem])
    signed = {part: text for part, text in query.items() if part in known or part in CARRIED}
    # Compared as bytes: of texts, only those of ASCII can be compared in constant time.
    made, found = lock_of(page, signed).encode(), query[LOCK].encode(errors="replace")
    if not hmac.compare_digest(made, found):
        problem = Problem(
            "link", worded("The link was changed."), allowed=worded("the link as it was made")
        )
        raise LockError(say(CHANGED), [problem])
    return True
