"""Room `training`: what training could change. Pure functions on arrays; nothing of ours but
`statistics`.

`docs/explanation/training.md` tells the model in words.
"""

from gapatlas.training.assumptions import TERMS, Assumptions, Drawn, effect_id
from gapatlas.training.baseline import Baseline, Movement, draw_baseline
from gapatlas.training.chain import COMPONENTS, LONGEST, OUTCOMES, STAGES
from gapatlas.training.hindcast import Forecast, predict
from gapatlas.training.history import History
from gapatlas.training.levels import Levels, discounted_levels
from gapatlas.training.movement import MOVEMENT, fit_movement
from gapatlas.training.priors import Prior, transported
from gapatlas.training.programme import Programme, ledger
from gapatlas.training.simulate import Effect, Run, nothing_spent, run, simulate

__all__ = [
    "COMPONENTS",
    "LONGEST",
    "MOVEMENT",
    "OUTCOMES",
    "STAGES",
    "TERMS",
    "Assumptions",
    "Baseline",
    "Drawn",
    "Effect",
    "Forecast",
    "History",
    "Levels",
    "Movement",
    "Prior",
    "Programme",
    "Run",
    "discounted_levels",
    "draw_baseline",
    "effect_id",
    "fit_movement",
    "ledger",
    "nothing_spent",
    "predict",
    "run",
    "simulate",
    "transported",
]
