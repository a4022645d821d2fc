"""Room `links`: the address of a view in the app, and the figures behind an address.

import gapatlas
atlas = gapatlas.open_atlas("config.yaml")
address = atlas.link("conviction_rates", place="ROU", year=2022, window=5)
found = gapatlas.from_link(address, atlas)

Pages and notebooks get their figures from here, so they are the same.
"""

from gapatlas.links.addresses import (
    DataChangedWarning,
    address_of,
    from_link,
    link,
    page_and_query,
    what_changed,
)
from gapatlas.links.changes import (
    OF_PERSONS,
    Changes,
    Earlier,
    changes_between,
    day_words,
    earlier_of,
)
from gapatlas.links.copied import copied_link
from gapatlas.links.locks import KEY_NAME, LockError, can_lock, check_lock, lock_of
from gapatlas.links.pages import HOME, PAGES, LinkedPage, Shown
from gapatlas.links.telling import Telling, telling_of

__all__ = [
    "HOME",
    "KEY_NAME",
    "OF_PERSONS",
    "PAGES",
    "Changes",
    "DataChangedWarning",
    "Earlier",
    "LinkedPage",
    "LockError",
    "Shown",
    "Telling",
    "address_of",
    "can_lock",
    "changes_between",
    "check_lock",
    "copied_link",
    "day_words",
    "earlier_of",
    "from_link",
    "link",
    "lock_of",
    "page_and_query",
    "telling_of",
    "what_changed",
]
