"""The training model once more, person by person, in SimPy: one place, one course of events.

Nobody is a fraction here. Each trained person leaves or stays and forgets, each victim is found on
some day, each suspect is charged or dropped, and each person charged waits for a day in court. The
mean of many courses of events is what the model computes for one draw of known inputs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import simpy
from numpy.typing import NDArray

from gapatlas.training import COMPONENTS, OUTCOMES, STAGES, Baseline, Drawn, Programme
from gapatlas.training.chain import FLOW_STAGE, Stage
from gapatlas.training.programme import MONTHS

Events = Iterator[simpy.Event]
TRAINING, FIRST_FIND, LAST_FIND, COURT_SITS = 0.1, 0.2, 0.8, 0.9
"""When in a year people are trained, victims are found and the court sits. Staff leave between
years."""


def course_of_events(
    programme: Programme, baseline: Baseline, drawn: Drawn, place: int = 0, seed: int = 1
) -> NDArray[np.int64]:
    """Outcomes of one place in each year, shape (outcomes, years), from the first draw."""
    office = Office(programme, baseline, drawn, place, np.random.default_rng(seed))
    office.world.run(until=programme.years)
    return office.outcomes


class Trainee:
    """One person who was trained in something, until the person leaves."""

    def __init__(self, office: Office, component: int) -> None:
        self.office, self.component = office, component
        self.trained = office.world.now

    def skill(self) -> float:
        """Skill that is left, 1 when freshly trained."""
        months = MONTHS * (self.office.world.now - self.trained)
        return float(0.5 ** (months / self.office.half_life))

    def career(self) -> Events:
        yield self.office.world.timeout(1 - TRAINING)
        while not self.office.happens(self.office.turnover):
            yield self.office.world.timeout(1)
        self.office.staff[self.component].remove(self)


class Office:
    """Everything that happens in one place."""

    def __init__(
        self,
        programme: Programme,
        baseline: Baseline,
        drawn: Drawn,
        place: int,
        random: np.random.Generator,
    ) -> None:
        self.world, self.random, self.programme = simpy.Environment(), random, programme
        self.terms = {name: float(values[0]) for name, values in drawn.values.items()}
        self.half_life, self.turnover = self.terms["half_life_months"], self.terms["turnover"]
        self.budgets = programme.budgets[place]
        self.found = baseline.detected[place, 0] * baseline.paths[:, baseline.offsets[place]]
        self.shares = (self.terms["referral"], *map(float, baseline.shares[:, place, 0]))
        self.handlers = max(float(baseline.suspected[place]), 1.0) / self.terms["caseload"]
        ratios, self.acting = drawn.effects()
        self.ratios = ratios[:, :, 0]
        self.staff: list[list[Trainee]] = [[] for _ in COMPONENTS]
        self.skills: list[list[float]] = []
        self.outcomes = np.zeros((len(OUTCOMES), programme.years), dtype=np.int64)
        self.sitting = self.world.event()
        self.places_in_court = simpy.Container(self.world)
        usual = float(baseline.detected[place, 0]) * self.shares[1] * self.shares[2]
        speed = self.terms["court_speed"]
        for _ in range(self.whole(usual * (1 - speed) / speed)):
            self.world.process(self.wait_for_trial())
        self.world.process(self.years())
        self.world.process(self.court(usual * (1 + self.terms["court_headroom"])))

    # -------------------------------------------------------------- chance

    def happens(self, chance: float) -> bool:
        return bool(self.random.random() < chance)

    def whole(self, amount: float) -> int:
        """A whole number that is the amount on average."""
        return int(amount) + self.happens(amount % 1)

    # -------------------------------------------------------------- training

    def years(self) -> Events:
        for year in range(self.programme.years):
            yield self.world.timeout(TRAINING)
            if year < self.programme.spend_years:
                for component in range(len(COMPONENTS)):
                    self.spend(component, year)
            self.skills.append([sum(each.skill() for each in group) for group in self.staff])
            for _ in range(self.random.poisson(self.found[year])):
                self.world.process(self.victim(year))
            yield self.world.timeout(1 - TRAINING)

    def spend(self, component: int, year: int) -> None:
        """A year's money: refreshers first where they are due, then new people."""
        trainings = self.budgets[component] / self.terms[f"cost_{COMPONENTS[component]}"]
        every = self.programme.refresh_every
        if every and year and year % every == 0:
            wanted = len(self.staff[component]) * self.terms["refresher_cost"]
            reached = min(trainings / wanted, 1.0) if wanted else 0.0
            for trainee in self.staff[component]:
                if self.happens(reached):
                    trainee.trained = self.world.now
            trainings -= reached * wanted
        for _ in range(self.whole(trainings)):
            trainee = Trainee(self, component)
            self.staff[component].append(trainee)
            self.world.process(trainee.career())

    def meets(self, component: int, year: int) -> bool:
        """Whether a case meets a skill."""
        told = year - self.programme.lag
        if told < 0:
            return False
        staff = min(self.skills[told][component] / self.handlers, self.terms["reach"])
        return self.happens(staff * (2 - staff))

    # -------------------------------------------------------------- cases

    def ratio(self, stage: Stage, year: int) -> float:
        """What the skills that a case meets at a stage do to it."""
        k = STAGES.index(stage)
        met = [c for c in self.acting[k] if self.meets(c, year)]
        return float(np.prod(self.ratios[met, k]))

    def passes(self, stage: Stage, year: int) -> bool:
        share = self.shares[STAGES.index(stage)]
        odds = share * self.ratio(stage, year)
        return self.happens(odds / (1 - share + odds))

    def victim(self, year: int) -> Events:
        yield self.world.timeout(self.random.uniform(FIRST_FIND, LAST_FIND) - TRAINING)
        self.outcomes[0, year] += self.passes("referred", year)
        suspects = self.shares[FLOW_STAGE] * self.ratio("suspected", year)
        for _ in range(self.random.poisson(suspects)):
            if self.passes("prosecuted", year):
                self.outcomes[1, year] += 1
                self.world.process(self.wait_for_trial())

    def wait_for_trial(self) -> Events:
        """Wait until the case is ready and the court has a place."""
        while True:
            yield self.sitting
            if self.happens(self.terms["court_speed"]) and self.places_in_court.level >= 1:
                yield self.places_in_court.get(1)
                year = int(self.world.now)
                self.outcomes[2, year] += self.passes("convicted", year)
                return

    def court(self, room: float) -> Events:
        for _ in range(self.programme.years):
            yield self.world.timeout(COURT_SITS)
            if self.places_in_court.level:
                yield self.places_in_court.get(self.places_in_court.level)
            if places := self.whole(room):
                yield self.places_in_court.put(places)
            sits, self.sitting = self.sitting, self.world.event()
            sits.succeed()
            yield self.world.timeout(1 - COURT_SITS)
