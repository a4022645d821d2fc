"""What a server loads while its first reader's browser is still on the way."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)
Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


def meanwhile(load: Callable[[], None]) -> Lifespan:
    """The lifespan of a server that starts to load as it starts, and answers from the beginning.

    Args:
        load: runs in a thread of its own. What it raises goes to the log and nowhere else: the
            first reader asks for the same once more, and is told.
    """

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        threading.Thread(target=_logged, args=(load,), daemon=True).start()
        yield

    return lifespan


def _logged(load: Callable[[], None]) -> None:
    try:
        load()
    except Exception:
        log.exception("The server could not load ahead of its first reader.")
