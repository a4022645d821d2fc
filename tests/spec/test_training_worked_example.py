"""The training model by hand: tables that a reader can follow with a pocket calculator.

The place of all examples detects 100 victims a year. Of them come 80 suspects, half of them are
charged, and 4 in 10 whose trial ends are convicted: 16 a year. Half of those who wait for their
trial have it within the year, so that 40 always wait. A member of staff handles 2 suspects a year:
there are 40 of them. To train one costs 4,000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from gapatlas.training import (
    COMPONENTS,
    Drawn,
    Programme,
    ledger,
    nothing_spent,
    plain,
    run,
    simulate,
)
from gapatlas.training.closed_form import expected
from gapatlas.training.plain import cases_met
from tests.training_world import budgets, known, steady_baseline
from tests.worked_examples import rows_of

PLACE = steady_baseline((100,), (0.8, 0.5, 0.4))
STAFF = 40
SINGLE = 1e-4
"""Single precision, of numbers up to 100."""


def facts(effects: Mapping[tuple[str, str], float], **terms: float) -> Drawn:
    """What is known in every example; a court with room for half as many again."""
    usual = {
        "turnover": 0.2,
        "half_life_months": 12.0,
        "refresher_cost": 0.25,
        "caseload": 2.0,
        "reach": 0.8,
        "court_speed": 0.5,
        "court_headroom": 0.5,
        "referral": 0.5,
        **{f"cost_{component}": 4000.0 for component in COMPONENTS},
    }
    return known(effects, **(usual | terms))


def money(**yearly: float) -> np.ndarray:
    return budgets([yearly.get(component, 0.0) for component in COMPONENTS])


def expect(columns: Mapping[str, Sequence[float]], table: str) -> None:
    """Compare columns of numbers, a row for each year, with a table: as far as its cells say."""
    by_hand = rows_of(table)
    assert list(by_hand[0]) == ["year", *columns]
    wrong = [
        f"{name} in year {row['year']}: {row[name]} by hand, {column[year]:.6g} found"
        for year, row in enumerate(by_hand)
        for name, column in columns.items()
        if not agrees(column[year], row[name])
    ]
    assert wrong == []


def agrees(found: float, cell: str) -> bool:
    """Whether a number is that of a cell, rounded to as many digits as the cell has."""
    digits = len(cell.partition(".")[2])
    return abs(found - float(cell)) <= 0.5 * 10**-digits * (digits > 0) + SINGLE


# ------------------------------------------------------------------ money becomes skill


def test_people_leave_and_those_who_stay_forget() -> None:
    """40,000 a year for two years train 10 people in each. A fifth leaves every year, and who stays
    forgets half: 10 x 0.8 x 0.5 = 4 of the skill of the first ten are left in year 2."""
    plan = Programme(money(evidence=40_000), years=5, spend_years=2)
    people, skill = ledger(plan, facts({}))
    expect(
        {"people": 10 * people[:, 0], "skill": 10 * skill[:, 0]},
        """
        year | people | skill
        1    | 10     | 10
        2    | 18     | 14
        3    | 14.4   | 5.6
        4    | 11.52  | 2.24
        5    | 9.216  | 0.896
        """,
    )


def test_refreshers_come_first_and_bring_all_skill_back() -> None:
    """A refresher costs a quarter of a training and is due every second year after the first. In
    year 3, 14.4 people are left of 18: refreshing them costs as much as training 3.6, so 6.4 of 10
    are new, and all 20.8 are as good as new."""
    plan = Programme(money(evidence=40_000), years=5, spend_years=5, refresh_every=2)
    people, skill = ledger(plan, facts({}))
    expect(
        {"people": 10 * people[:, 0], "skill": 10 * skill[:, 0]},
        """
        year | people | skill
        1    | 10     | 10
        2    | 18     | 14
        3    | 20.8   | 20.8
        4    | 26.64  | 18.32
        5    | 25.98  | 25.98
        """,
    )


# ------------------------------------------------------------------ skill becomes convictions

EVIDENCE = Programme(money(evidence=40_000), years=5, spend_years=2, lag=1)
TRIPLED = facts({("evidence", "prosecuted"): 3.0}, court_headroom=0.175)


def test_from_skill_to_convictions() -> None:
    """Evidence that meets the skill triples the odds of a charge: from 1:1 (half) to 3:1 (three
    quarters). The skill of one year tells in the next. In year 2, 10 of 40 staff are as good as
    freshly trained, a quarter; since those with most cases go first, 0.25 x (2 - 0.25) = 43.75% of
    cases meet the skill, and 0.5 + 0.4375 x 0.25 = 60.94% of 80 suspects are charged.

    The court decides half of those who wait, and 47 at most: that is its limit in years 3 and 4.
    """
    told = plain.flows(EVIDENCE, PLACE, TRIPLED)
    met = cases_met(EVIDENCE, TRIPLED, EVIDENCE.budgets[0] / 80)[COMPONENTS.index("evidence")]
    expect(
        {
            "met %": 100 * met[:, 0],
            "charged": told.prosecuted[:, 0],
            "decided": told.decided[:, 0],
            "waiting": told.pending[:, 0],
            "convicted": told.convicted[:, 0],
        },
        """
        year | met % | charged | decided | waiting | convicted
        1    | 0     | 40      | 40      | 40      | 16
        2    | 43.75 | 48.75   | 44.375  | 44.375  | 17.75
        3    | 57.75 | 51.55   | 47      | 48.92   | 18.8
        4    | 26.04 | 45.21   | 47      | 47.13   | 18.8
        5    | 10.89 | 42.18   | 44.66   | 44.66   | 17.86
        """,
    )


def test_the_compiled_model_gives_the_same_years_and_the_answer() -> None:
    """9.212 further convictions for 80,000: 8,684 each."""
    effect = simulate(EVIDENCE, PLACE, TRIPLED)
    without = run(nothing_spent(EVIDENCE), PLACE, TRIPLED)
    with_, bare = effect.with_.by_year[:, :, 0], without.by_year[:, :, 0]
    expect(
        {
            "charged": with_[1],
            "convicted": with_[2],
            "charged without": bare[1],
            "convicted without": bare[2],
        },
        """
        year | charged | convicted | charged without | convicted without
        1    | 40      | 16        | 40              | 16
        2    | 48.75   | 17.75     | 40              | 16
        3    | 51.55   | 18.8      | 40              | 16
        4    | 45.21   | 18.8      | 40              | 16
        5    | 42.18   | 17.86     | 40              | 16
        """,
    )
    assert effect.convictions == pytest.approx([9.212], abs=5e-4)
    assert effect.cost_per_conviction()[0] == pytest.approx(8684, abs=1)


def test_with_more_room_in_court_the_same_charges_convict_more() -> None:
    """Where the court never fills there are formulae, and they give these numbers without a year
    being followed."""
    roomy = TRIPLED.with_value("court_headroom", 0.5)
    told, formula = plain.flows(EVIDENCE, PLACE, roomy), expected(EVIDENCE, PLACE, roomy)
    expect(
        {
            "decided": told.decided[:, 0],
            "convicted": told.convicted[:, 0],
            "by formula": formula[2, :, 0],
        },
        """
        year | decided | convicted | by formula
        1    | 40      | 16        | 16
        2    | 44.375  | 17.75     | 17.75
        3    | 47.96   | 19.185    | 19.185
        4    | 46.59   | 18.63     | 18.63
        5    | 44.38   | 17.75     | 17.75
        """,
    )


# ------------------------------------------------------------------ several skills, several stages


def test_two_skills_meet_a_case_by_chance() -> None:
    """Half of the cases meet each skill, apart from the other: a quarter meets none, both, or one.
    One triples the odds of a charge and one doubles them, both together make them six times.

        meets        | chance | odds | charged
        none         | 25%    | 1    | 50%
        evidence     | 25%    | 3    | 75%
        construction | 25%    | 2    | 66.67%
        both         | 25%    | 6    | 85.71%
        all          |        |      | 69.35%
    """
    effects = {("evidence", "prosecuted"): 3.0, ("case_construction", "prosecuted"): 2.0}
    half = np.full((len(COMPONENTS), 1, 1), 0.5)
    share = plain.passing(facts(effects), "prosecuted", np.array([0.5]), half)
    assert share[0, 0] == pytest.approx((0.5 + 0.75 + 2 / 3 + 6 / 7) / 4)

    # The same out of the compiled model: half of the cases meet a skill of 1 - sqrt(1/2) of staff.
    trained = STAFF * (1 - np.sqrt(0.5))
    plan = Programme(money(evidence=4000 * trained, case_construction=4000 * trained), 1, 1, lag=0)
    charged = run(plan, PLACE, facts(effects)).by_year[1, 0, 0]
    assert charged == pytest.approx(80 * 0.69345, abs=1e-3)


def test_interviewing_acts_on_victims_and_on_suspects() -> None:
    """Interviews that meet the skill triple the odds of a referral (50% to 75%) and find a quarter
    more suspects: a number of persons for each victim is multiplied, since it has no odds. In year
    2, with 43.75% met: 100 x (0.5 + 0.4375 x 0.25) and 80 x (1 + 0.4375 x 0.25)."""
    drawn = facts({("interviewing", "referred"): 3.0, ("interviewing", "suspected"): 1.25})
    plan = Programme(money(interviewing=40_000), years=3, spend_years=2, lag=1)
    told = plain.flows(plan, PLACE, drawn)
    expect(
        {
            "detected": told.detected[:, 0],
            "referred": told.referred[:, 0],
            "suspected": told.suspected[:, 0],
            "charged": told.prosecuted[:, 0],
        },
        """
        year | detected | referred | suspected | charged
        1    | 100      | 50       | 80        | 40
        2    | 100      | 60.9375  | 88.75     | 44.375
        3    | 100      | 64.44    | 91.55     | 45.775
        """,
    )


def test_not_everyone_can_be_reached() -> None:
    """400,000 a year would train 100 of 40 staff; 80% can be reached, so 0.8 x 1.2 = 96% of cases
    meet the skill, and no more in year 3."""
    plan = Programme(money(evidence=400_000), years=3, spend_years=3, lag=1)
    met = cases_met(plan, TRIPLED, plan.budgets[0] / 80)[COMPONENTS.index("evidence")]
    expect(
        {"met %": 100 * met[:, 0]},
        """
        year | met %
        1    | 0
        2    | 96
        3    | 96
        """,
    )


def test_training_that_harms_is_followed_all_the_same() -> None:
    """Half the odds of a charge where the skill is met: a third instead of half."""
    effect = simulate(EVIDENCE, PLACE, facts({("evidence", "prosecuted"): 0.5}))
    expect(
        {"charged": effect.with_.by_year[1, :, 0]},
        """
        year | charged
        1    | 40
        2    | 34.17
        3    | 32.3
        4    | 36.53
        5    | 38.55
        """,
    )
    assert effect.chance_of_harm == 1
    assert effect.cost_per_conviction() == (np.inf, np.inf, np.inf)
