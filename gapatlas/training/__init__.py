"""Room `training`: what training could change. Pure functions on arrays; nothing of ours but
`statistics`.

`docs/explanation/training.md` tells the model in words.
"""

from gapatlas.training.ahead import compile_ahead
from gapatlas.training.allocation import Allocation, Gap, allocate
from gapatlas.training.assumptions import TERMS, Assumptions, Drawn, effect_id
from gapatlas.training.baseline import Baseline, Movement, draw_baseline
from gapatlas.training.break_even import BreakEven, break_even, break_even_cost
from gapatlas.training.chain import COMPONENTS, LONGEST, OUTCOMES, STAGES
from gapatlas.training.hindcast import Forecast, predict
from gapatlas.training.history import History
from gapatlas.training.information import Information, plain_answer, value_of_information
from gapatlas.training.levels import Levels, discounted_levels
from gapatlas.training.movement import MOVEMENT, fit_movement
from gapatlas.training.priors import Prior, transported
from gapatlas.training.programme import Programme, ledger
from gapatlas.training.sensitivity import tornado
from gapatlas.training.simulate import Effect, Run, nothing_spent, run, simulate, warm_up
from gapatlas.training.timing import refresher_timing
from gapatlas.training.variance import VarianceShares, assumed_share, total_order

__all__ = [
    "COMPONENTS",
    "LONGEST",
    "MOVEMENT",
    "OUTCOMES",
    "STAGES",
    "TERMS",
    "Allocation",
    "Assumptions",
    "Baseline",
    "BreakEven",
    "Drawn",
    "Effect",
    "Forecast",
    "Gap",
    "History",
    "Information",
    "Levels",
    "Movement",
    "Prior",
    "Programme",
    "Run",
    "VarianceShares",
    "allocate",
    "assumed_share",
    "break_even",
    "break_even_cost",
    "compile_ahead",
    "discounted_levels",
    "draw_baseline",
    "effect_id",
    "fit_movement",
    "ledger",
    "nothing_spent",
    "plain_answer",
    "predict",
    "refresher_timing",
    "run",
    "simulate",
    "tornado",
    "total_order",
    "transported",
    "value_of_information",
    "warm_up",
]
