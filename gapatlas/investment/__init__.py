"""Room `investment`: what grants and training go with, and what to doubt in it.

from gapatlas import find_association, open_atlas
atlas = open_atlas("config.yaml")
found = find_association(atlas, "us_grants", outcome="convicted")
found.short, found.caveat, found.doubts, found.table
"""

from gapatlas.investment.association import Association, find_association
from gapatlas.investment.association_words import Doubt

__all__ = ["Association", "Doubt", "find_association"]
