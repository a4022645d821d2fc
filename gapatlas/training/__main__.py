"""`python -m gapatlas.training`: compile the simulation for later starts of the program."""

import os

from gapatlas.training import warm_up

POLITE = 10

if hasattr(os, "nice"):
    os.nice(POLITE)  # readers come first
warm_up()
