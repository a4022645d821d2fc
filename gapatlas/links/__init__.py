"""Room `links`: the address of a view in the app, and the figures behind an address.

import gapatlas
atlas = gapatlas.open_atlas("config.yaml")
address = atlas.link("conviction_rates", place="ROU", year=2022, window=5)
found = gapatlas.from_link(address, atlas)

Pages and notebooks get their figures from here, so they are the same.
"""

from gapatlas.links.addresses import from_link, link
from gapatlas.links.pages import HOME, PAGES, LinkedPage, Shown

__all__ = ["HOME", "PAGES", "LinkedPage", "Shown", "from_link", "link"]
