"""Room `investment`: what training could change in the places of an atlas.

It asks the atlas for counts, the effect library for what is believed, and the room `training` for
what follows; it says in sentences, tables and pictures how sure that is.
"""

from gapatlas.investment.association import Association, find_association
from gapatlas.investment.baselines import Baselines, baselines
from gapatlas.investment.files import load_scenario, save_scenario
from gapatlas.investment.investing import Investment, choices_of, invest

__all__ = [
    "Association",
    "Baselines",
    "Investment",
    "baselines",
    "choices_of",
    "find_association",
    "invest",
    "load_scenario",
    "save_scenario",
]
