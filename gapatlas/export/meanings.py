"""What the columns of the tables mean that the pages show, table by table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

COMPARISON: Final[Mapping[str, str]] = {
    "role": "chosen: the place itself; peer: one that it is compared with",
    "small": "whether the figure divides by fewer than 10",
    "middle": "the middle figure of the peers, or the lowest that it can be",
    "middle_high": "the highest that the middle figure of the peers can be",
    "estimate": "of a figure that is a range: the value that best explains the printed counts",
    "estimate_low": "lower end of the likelihood interval of that value",
    "estimate_high": "upper end of the likelihood interval of that value",
    "Best explains the range (likelihood interval)": "of a figure that is a range: the value that "
    "best explains the printed counts, and how far others explain them almost as well",
    "Against the limits": "whether the place lies within what chance allows, or beyond it",
    "Steadied": "the figure drawn towards that of all places, the more the fewer it rests on",
    "95% interval, steadied": "ends of the 95% interval of the steadied figure",
    "Weight of own counts": "how far the steadied figure rests on the place's own counts",
    "Rank": "where the place stands; 1 has the highest figure",
    "95% interval of the rank": "the ranks that the counts leave open",
    "Group that cannot be told apart": "places of one letter can't be told apart",
    "Limits of chance": "where the figure of a year lies if only chance moves it",
    "Signal": "Beyond limits: more than chance explains. Run: many years in a row on one side",
    "Measure": "which figure it is",
    "Against the middle": "where the whole interval lies, seen from the middle of all places",
    "Middle of all places": "the middle figure of all places that have one, or its range",
    "Exact counts": "how many counts are printed as one number",
    "Ranges": "how many counts are printed as a range",
    "Withheld": "how many counts are withheld to protect persons",
    "Not reported": "how many counts are not given; none of them is zero",
}
GAPS: Final[Mapping[str, str]] = {
    "Expected (95% interval)": "what the benchmark would let one expect: its rate times what the "
    "place itself is divided by; ends of the 95% interval",
    "Fewer than expected (95% interval)": "expected less counted; below zero where more was "
    "counted; ends of the 95% interval",
    "Observed / expected (95% interval)": "counted, divided by expected; 1 is as expected; ends "
    "of the 95% interval",
    "Chance that it falls short": "how likely the place counts fewer than expected, or its range",
    "Probability of falling short": "how likely the place counts fewer than expected, or its range",
    "Expected": "what the benchmark would let one expect",
    "Expected, 95% interval": "ends of the 95% interval of what is expected",
    "Expected less counted": "how many are missing; below zero where more was counted",
    "Its 95% interval": "ends of the 95% interval of the column before",
    "Verdict": "whether the place falls short in the whole interval, or whether that is open",
    "Observed": "the count, or its range",
    "Expected by the model": "what places like it count on average",
    "Inside the range of 95% of such places": "whether the count is one that the model expects",
    "With": "what differs between two places",
    "The expected count is multiplied by": "what that difference does to the expected count",
    "Step": "a stage, or what is lost before it",
    "Counted in": "unit of the count or score",
    "Count or score": "the count, its range, or the score of the law",
    "95% interval of a loss": "ends of the 95% interval of what is lost, as a count; below zero "
    "where more came on than there were before",
    "Lost, as a share of the stage before": "what is lost, in percent of the stage before",
    "95% interval of that share": "ends of the 95% interval of the column before",
    "Figures reported": "how many of the figures asked for are given",
    "Figures asked for": "how many figures the source asks of the place",
    "Stages without any figure": "stages for which no year has a figure",
    "Agencies with a record, mean per year": "how many agencies report, on average over the years",
    "Cluster": "whether places like it lie beside it",
    "Probability by chance, adjusted for many tests": "how likely chance alone lays such places "
    "side by side; from 0 to 1",
    "Five nearest neighbours": "the places that it is compared with",
}
FLOWS: Final[Mapping[str, str]] = {
    "Citizens of": "whose citizens the persons are",
    "Years with a count": "how many years have a count of this pair",
    "Community of the first": "places of one letter have more of these persons between them than "
    "chance explains",
    "Community of the second": "the same of the other place",
    "What": "what the row is",
    "Labels": "what the source prints in place of a citizenship",
    "Falls short": "which of the two lies below the middle of all places",
    "In the country of citizenship": "how the country of citizenship stands against the middle",
    "In the place of detection": "how the place of detection stands against the middle",
}
SOURCES: Final[Mapping[str, str]] = {
    "Which": "the stages that are reported",
    "People": "how many people live there",
    "Figures": "how many figures there are",
    "What is printed": "a count, a range, that it is withheld, or nothing",
    "Indicator": "which score or amount it is",
    "Lowest": "the lowest that it can be",
    "Highest": "the highest that it can be",
    "In words": "the same in words",
}
CASES: Final[Mapping[str, str]] = {
    "Charged in": "years of the charge",
    "Protection": "how the persons are protected in these figures",
    "Persons": "which persons the row counts",
    "Number": "how many there are",
    "Outcome": "how the cases ended",
    "Kind of evidence": "the evidence that a case had or lacked",
    "Line of defence": "the defence that was used or not",
    "Evidence": "the evidence that a case had",
    "Defence": "the defence that was used",
    "Compared": "which cases are set against which",
    "First": "one kind of evidence",
    "Second": "the other kind of evidence",
    "Share of ended cases, %": "persons with this outcome, in percent of those whose case ended",
    "Convicted of ended cases, %": "persons convicted, in percent of those whose case ended",
    "Convicted of ended cases, same mix, %": "the same, as if both sides had the same mix of "
    "place, year and charge",
    "95% interval from, %": "lower end of the 95% interval, in percent",
    "to, %": "upper end of the 95% interval, in percent",
    "95% interval from": "lower end of the 95% interval, in the unit of the column before",
    "to": "upper end of that interval",
    "Difference, other things equal (percentage points)": "share convicted with it less without, "
    "where place, year, charge and the rest of the case are the same",
    "Difference as counted (percentage points)": "share convicted with it less without, with "
    "nothing held equal",
    "Odds ratio, other things equal (1: no difference)": "odds of conviction with it, divided by "
    "those without",
    "Odds ratio, 95% interval from": "lower end of the 95% interval of the odds ratio",
    "Odds ratio, to": "upper end of the 95% interval of the odds ratio",
    "Together, beyond what the two go with (percentage points)": "what goes with both kinds at "
    "once, beyond what goes with each; drawn towards zero",
    "The same before pairs are drawn to zero": "the same of this pair alone, in percentage points",
    "its 95% interval from": "lower end of the 95% interval of the column before",
    "its interval, to": "upper end of that interval",
    "Beyond the sum of the two differences (percentage points)": "the share convicted with both, "
    "beyond the two differences added up",
    "that, 95% interval from": "lower end of the 95% interval of the column before",
    "that, to": "upper end of that interval",
    "Chance that it points the wrong way": "how likely the true difference has the other sign; "
    "from 0 to 1",
    "Stands out": "whether it is more than so many pairs bring by chance",
    "Victim testimony": "whether a victim testified",
    "Other kinds of evidence": "how many other kinds of evidence a case had",
    "With testimony, less without (percentage points)": "share convicted with testimony less "
    "without",
    "Years after the charge": "full years since the year of the charge, which is 0",
    "Half have ended": "after how many years half of the cases have ended",
    "Ended, %": "persons whose case has ended by then, in percent",
    "Ended so, %": "persons whose case has ended in this way by then, in percent",
    "Persons in the network": "how many persons were charged together",
    "Networks charged": "which networks the row counts",
    "Networks, rounded": "how many networks there are, rounded to protect persons",
}
INVESTMENT: Final[Mapping[str, str]] = {
    "Investment": "with the investment, or without it",
    "Scenario": "name of the scenario",
    "Chance that there are fewer than this": "share of the draws with fewer",
    "Years between refreshers": "years until training is refreshed",
    "Low end of its 90% interval": "what is believed of the input, at the low end",
    "High end of its 90% interval": "what is believed of the input, at the high end",
    "Share together with others": "part of the spread in which the input has a hand, in percent",
    "Share on its own": "part of the spread that the input makes by itself, in percent",
    "95% limits, together": "how far chance of the simulation moves that part",
    "95% limits, on its own": "how far chance of the simulation moves that part",
    "Share of the spread (90% interval)": "part of the spread that rests on it, in percent; ends "
    "of the 90% interval of the simulation",
    "Unit": "unit of the figure and of its interval",
    "Chance of deciding otherwise": "how likely knowing the input would change the decision",
    "Believed (middle)": "what is believed now, in the middle",
    "Needed to pay": "what it would have to be for the investment to pay",
    "Needed, 90% interval": "ends of the 90% interval of what it would have to be",
    "Ratio": "how many times as many are counted where the treatment is one step larger",
    "Places": "how many places it rests on",
    "Years of counts": "first and last year of the counts",
}
TABLES: Final[Mapping[str, str]] = {
    **COMPARISON, **GAPS, **FLOWS, **SOURCES, **CASES, **INVESTMENT,
}  # fmt: skip
"""Columns whose name is always the same -> what they mean."""
PATTERNS: Final = (
    (re.compile(r"^Observed: (.+)"), "{} that were counted, or their range"),
    (re.compile(r"^Divided by: (.+)"), "what the rate divides by: {}, or their range"),
    (re.compile(r"^(?:Detected|Convicted|Prosecuted|Suspected|Arrested) in$"), "place that counts"),
    (re.compile(r"^Rounded to (\d+)$"), "how many persons, rounded to {} to protect them"),
    (
        re.compile(r"^(?:With this outcome|Ended|Charged|Ended with(?:out)? it), (rounded to \d+|"
                   r"number)$"),
        "how many persons, {}",
    ),
    (re.compile(r", 95% from$"), "lower end of the 95% interval of the column before, in percent"),
    (re.compile(r"^[A-Z].*, to$"), "upper end of that interval, in percent"),
    (re.compile(r"^Convicted (with(?:out)? it), %$"), "persons convicted {}, in percent of those "
     "whose case ended"),
    (re.compile(r"^(.+), %$"), "{}, in percent of the networks"),
    (re.compile(r"^Mean (further .+) there$"), "{} on average, with the input at its low end"),
    (
        re.compile(r"^Mean (further .+) there, high end$"),
        "{} on average, with the input at its high end",
    ),
    (re.compile(r"^Spent \((.+)\)$"), "money that is spent in all, in {}"),
    (re.compile(r"^Cost per (.+), middle \((.+)\)$"), "money for one {}, in the middle, in {}"),
    (re.compile(r"^Further (.+), (allocated|equal split)$"), "{} that it brings, dealt out as "
     "said ({}), in the middle, with its 90% interval"),
    (re.compile(r"^(Allocated|Equal split) \((.+) a year\)$"), "{}: money of the place, in {} a "
     "year"),
    (re.compile(r"^(.+) \((.+) a year\)$"), "money for {}, dealt out as allocated, in {} a year"),
    (re.compile(r"^Further (.+) than without refreshers, middle$"), "{} that refreshers bring, in "
     "the middle of the draws"),
    (re.compile(r"^(.+), middle$"), "{}, in the middle of the draws"),
    (re.compile(r"^Further (.+)$"), "{} that the investment brings"),
    (re.compile(r"^(\d+)% interval \((.+)\)$"), "ends of the {}% interval, in {}"),
    (re.compile(r"(\d+)% interval"), "ends of the {}% interval, in the unit of the figure"),
    (re.compile(r", lowest$"), "the lowest that the count can be"),
    (re.compile(r", highest$"), "the highest that the count can be"),
    (re.compile(r"^Worth of knowing it \((.+)\)$"), "what the decision would gain, in {}, if the "
     "input were known"),
    (re.compile(r"^Persons|^Victims|^Cases|^Charges|^Offences|^Investigations"), "count, or its "
     "range"),
    (re.compile(r" x years$"), "how many, added up over the years"),
)  # fmt: skip
"""Names that hold a unit, a stage or a place -> what they mean; the first that fits counts."""
