"""What the columns of the tables mean that the pages show, table by table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gapatlas.languages import mark

COMPARED: Final[Mapping[str, str]] = {
    "role": mark("chosen: the place itself; peer: one that it is compared with"),
    "small": mark("whether the figure divides by fewer than 10"),
    "middle": mark("the middle figure of the peers, or the lowest that it can be"),
    "middle_high": mark("the highest that the middle figure of the peers can be"),
    "estimate": mark(
        "of a figure that is a range: the value that best explains the printed counts"
    ),
    "estimate_low": mark("lower end of the likelihood interval of that value"),
    "estimate_high": mark("upper end of the likelihood interval of that value"),
}
"""Columns that a comparison adds to the rows of a measure."""
COMPARISON: Final[Mapping[str, str]] = {
    mark("Best explains the range (likelihood interval)"): mark(
        "of a figure that is a range: the value that best explains the printed counts, and "
        "how far others explain them almost as well"
    ),
    mark("Against the limits"): mark(
        "whether the place lies within what chance allows, or beyond it"
    ),
    mark("Steadied"): mark(
        "the figure drawn towards that of all places, the more the fewer it rests on"
    ),
    mark("95% interval, steadied"): mark("ends of the 95% interval of the steadied figure"),
    mark("Weight of own counts"): mark(
        "how far the steadied figure rests on the place's own counts"
    ),
    mark("Rank"): mark("where the place stands; 1 has the highest figure"),
    mark("95% interval of the rank"): mark("the ranks that the counts leave open"),
    mark("Group that cannot be told apart"): mark("places of one letter can't be told apart"),
    mark("Limits of chance"): mark("where the figure of a year lies if only chance moves it"),
    mark("Signal"): mark(
        "Beyond limits: more than chance explains. Run: many years in a row on one side"
    ),
    mark("Measure"): mark("which figure it is"),
    mark("Against the middle"): mark(
        "where the whole interval lies, seen from the middle of all places"
    ),
    mark("Middle of all places"): mark(
        "the middle figure of all places that have one, or its range"
    ),
    mark("Exact counts"): mark("how many counts are printed as one number"),
    mark("Ranges"): mark("how many counts are printed as a range"),
    mark("Withheld"): mark("how many counts are withheld to protect persons"),
    mark("Not reported"): mark("how many counts are not given; none of them is zero"),
}
GAPS: Final[Mapping[str, str]] = {
    mark("Expected (95% interval)"): mark(
        "what the benchmark would let one expect: its rate times what the place itself is "
        "divided by; ends of the 95% interval"
    ),
    mark("Fewer than expected (95% interval)"): mark(
        "expected less counted; below zero where more was counted; ends of the 95% interval"
    ),
    mark("Observed / expected (95% interval)"): mark(
        "counted, divided by expected; 1 is as expected; ends of the 95% interval"
    ),
    mark("Chance that it falls short"): mark(
        "how likely the place counts fewer than expected, or its range"
    ),
    mark("Probability of falling short"): mark(
        "how likely the place counts fewer than expected, or its range"
    ),
    mark("Expected"): mark("what the benchmark would let one expect"),
    mark("Expected, 95% interval"): mark("ends of the 95% interval of what is expected"),
    mark("Expected less counted"): mark("how many are missing; below zero where more was counted"),
    mark("Its 95% interval"): mark("ends of the 95% interval of the column before"),
    mark("Verdict"): mark(
        "whether the place falls short in the whole interval, or whether that is open"
    ),
    mark("Observed"): mark("the count, or its range"),
    mark("Expected by the model"): mark("what places like it count on average"),
    mark("Inside the range of 95% of such places"): mark(
        "whether the count is one that the model expects"
    ),
    mark("With"): mark("what differs between two places"),
    mark("The expected count is multiplied by"): mark(
        "what that difference does to the expected count"
    ),
    mark("Step"): mark("a stage, or what is lost before it"),
    mark("Counted in"): mark("unit of the count or score"),
    mark("Count or score"): mark("the count, its range, or the score of the law"),
    mark("95% interval of a loss"): mark(
        "ends of the 95% interval of what is lost, as a count; below zero where more came on "
        "than there were before"
    ),
    mark("Lost, as a share of the stage before"): mark(
        "what is lost, in percent of the stage before"
    ),
    mark("95% interval of that share"): mark("ends of the 95% interval of the column before"),
    mark("Figures reported"): mark("how many of the figures asked for are given"),
    mark("Figures asked for"): mark("how many figures the source asks of the place"),
    mark("Stages without any figure"): mark("stages for which no year has a figure"),
    mark("Agencies with a record, mean per year"): mark(
        "how many agencies report, on average over the years"
    ),
    mark("Cluster"): mark("whether places like it lie beside it"),
    mark("Probability by chance, adjusted for many tests"): mark(
        "how likely chance alone lays such places side by side; from 0 to 1"
    ),
    mark("Five nearest neighbours"): mark("the places that it is compared with"),
}
FLOWS: Final[Mapping[str, str]] = {
    mark("Citizens of"): mark("whose citizens the persons are"),
    mark("Years with a count"): mark("how many years have a count of this pair"),
    mark("Community of the first"): mark(
        "places of one letter have more of these persons between them than chance explains"
    ),
    mark("Community of the second"): mark("the same of the other place"),
    mark("What"): mark("what the row is"),
    mark("Labels"): mark("what the source prints in place of a citizenship"),
    mark("Falls short"): mark("which of the two lies below the middle of all places"),
    mark("In the country of citizenship"): mark(
        "how the country of citizenship stands against the middle"
    ),
    mark("In the place of detection"): mark("how the place of detection stands against the middle"),
    mark("Detected in"): mark("place that counts"),
    mark("Convicted in"): mark("place that counts"),
    mark("Prosecuted in"): mark("place that counts"),
    mark("Suspected in"): mark("place that counts"),
    mark("Arrested in"): mark("place that counts"),
}
SOURCES: Final[Mapping[str, str]] = {
    mark("Which"): mark("the stages that are reported"),
    mark("People"): mark("how many people live there"),
    mark("Figures"): mark("how many figures there are"),
    mark("What is printed"): mark("a count, a range, that it is withheld, or nothing"),
    mark("Indicator"): mark("which score or amount it is"),
    mark("Lowest"): mark("the lowest that it can be"),
    mark("Highest"): mark("the highest that it can be"),
    mark("In words"): mark("the same in words"),
}
CASES: Final[Mapping[str, str]] = {
    mark("Charged in"): mark("years of the charge"),
    mark("Protection"): mark("how the persons are protected in these figures"),
    mark("Persons"): mark("which persons the row counts"),
    mark("Number"): mark("how many there are"),
    mark("Outcome"): mark("how the cases ended"),
    mark("Kind of evidence"): mark("the evidence that a case had or lacked"),
    mark("Line of defence"): mark("the defence that was used or not"),
    mark("Evidence"): mark("the evidence that a case had"),
    mark("Defence"): mark("the defence that was used"),
    mark("Compared"): mark("which cases are set against which"),
    mark("First"): mark("one kind of evidence"),
    mark("Second"): mark("the other kind of evidence"),
    mark("Share of ended cases, %"): mark(
        "persons with this outcome, in percent of those whose case ended"
    ),
    mark("Convicted of ended cases, %"): mark(
        "persons convicted, in percent of those whose case ended"
    ),
    mark("Convicted of ended cases, same mix, %"): mark(
        "the same, as if both sides had the same mix of place, year and charge"
    ),
    mark("95% interval from, %"): mark("lower end of the 95% interval, in percent"),
    mark("to, %"): mark("upper end of the 95% interval, in percent"),
    mark("95% interval from"): mark(
        "lower end of the 95% interval, in the unit of the column before"
    ),
    mark("to"): mark("upper end of that interval"),
    mark("Difference, other things equal (percentage points)"): mark(
        "share convicted with it less without, where place, year, charge and the rest of the "
        "case are the same"
    ),
    mark("Difference as counted (percentage points)"): mark(
        "share convicted with it less without, with nothing held equal"
    ),
    mark("Odds ratio, other things equal (1: no difference)"): mark(
        "odds of conviction with it, divided by those without"
    ),
    mark("Odds ratio, 95% interval from"): mark("lower end of the 95% interval of the odds ratio"),
    mark("Odds ratio, to"): mark("upper end of the 95% interval of the odds ratio"),
    mark("Together, beyond what the two go with (percentage points)"): mark(
        "what goes with both kinds at once, beyond what goes with each; drawn towards zero"
    ),
    mark("The same before pairs are drawn to zero"): mark(
        "the same of this pair alone, in percentage points"
    ),
    mark("its 95% interval from"): mark("lower end of the 95% interval of the column before"),
    mark("its interval, to"): mark("upper end of that interval"),
    mark("Beyond the sum of the two differences (percentage points)"): mark(
        "the share convicted with both, beyond the two differences added up"
    ),
    mark("that, 95% interval from"): mark("lower end of the 95% interval of the column before"),
    mark("that, to"): mark("upper end of that interval"),
    mark("Chance that it points the wrong way"): mark(
        "how likely the true difference has the other sign; from 0 to 1"
    ),
    mark("Stands out"): mark("whether it is more than so many pairs bring by chance"),
    mark("Victim testimony"): mark("whether a victim testified"),
    mark("Other kinds of evidence"): mark("how many other kinds of evidence a case had"),
    mark("With testimony, less without (percentage points)"): mark(
        "share convicted with testimony less without"
    ),
    mark("Years after the charge"): mark("full years since the year of the charge, which is 0"),
    mark("Half have ended"): mark("after how many years half of the cases have ended"),
    mark("Ended, %"): mark("persons whose case has ended by then, in percent"),
    mark("Ended so, %"): mark("persons whose case has ended in this way by then, in percent"),
    mark("Persons in the network"): mark("how many persons were charged together"),
    mark("Networks charged"): mark("which networks the row counts"),
    mark("Networks, rounded"): mark("how many networks there are, rounded to protect persons"),
    mark("Convicted with it, %"): mark(
        "persons convicted with it, in percent of those whose case ended"
    ),
    mark("Convicted without it, %"): mark(
        "persons convicted without it, in percent of those whose case ended"
    ),
}
INVESTMENT: Final[Mapping[str, str]] = {
    mark("Investment"): mark("with the investment, or without it"),
    mark("Scenario"): mark("name of the scenario"),
    mark("Chance that there are fewer than this"): mark("share of the draws with fewer"),
    mark("Years between refreshers"): mark("years until training is refreshed"),
    mark("Low end of its 90% interval"): mark("what is believed of the input, at the low end"),
    mark("High end of its 90% interval"): mark("what is believed of the input, at the high end"),
    mark("Share together with others"): mark(
        "part of the spread in which the input has a hand, in percent"
    ),
    mark("Share on its own"): mark("part of the spread that the input makes by itself, in percent"),
    mark("95% limits, together"): mark("how far chance of the simulation moves that part"),
    mark("95% limits, on its own"): mark("how far chance of the simulation moves that part"),
    mark("Share of the spread (90% interval)"): mark(
        "part of the spread that rests on it, in percent; ends of the 90% interval of the "
        "simulation"
    ),
    mark("Unit"): mark("unit of the figure and of its interval"),
    mark("Chance of deciding otherwise"): mark(
        "how likely knowing the input would change the decision"
    ),
    mark("Believed (middle)"): mark("what is believed now, in the middle"),
    mark("Needed to pay"): mark("what it would have to be for the investment to pay"),
    mark("Needed, 90% interval"): mark("ends of the 90% interval of what it would have to be"),
    mark("Ratio"): mark(
        "how many times as many are counted where the treatment is one step larger"
    ),
    mark("Places"): mark("how many places it rests on"),
    mark("Years of counts"): mark("first and last year of the counts"),
}
TABLES: Final[Mapping[str, str]] = {
    **COMPARISON, **GAPS, **FLOWS, **SOURCES, **CASES, **INVESTMENT,
}  # fmt: skip
"""Columns whose name is always the same -> what they mean."""
_PERSONS: Final = mark("how many persons, {rounded}")
_LOWEST: Final = mark("the lowest that the count can be")
_HIGHEST: Final = mark("the highest that the count can be")
COUNT: Final = mark("count, or its range")
PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    ("Observed: {what}", mark("{what} that were counted, or their range")),
    ("Divided by: {below}", mark("what the rate divides by: {below}, or their range")),
    ("Rounded to {base}", mark("how many persons, rounded to {base} to protect them")),
    ("With this outcome, {rounded}", _PERSONS),
    ("Ended with it, {rounded}", _PERSONS),
    ("Ended without it, {rounded}", _PERSONS),
    ("Ended, {rounded}", _PERSONS),
    ("Charged, {rounded}", _PERSONS),
    ("{what}, 95% from", mark("lower end of the 95% interval of the column before, in percent")),
    ("{what}, to", mark("upper end of that interval, in percent")),
    ("{what}, %", mark("{what}, in percent of the networks")),
    (
        "Mean {further} there, high end",  # not said here
        mark("{further} on average, with the input at its high end"),
    ),
    ("Mean {further} there", mark("{further} on average, with the input at its low end")),
    ("Spent ({currency})", mark("money that is spent in all, in {currency}")),  # not said here
    (
        "Cost per {outcome}, middle ({currency})",  # not said here
        mark("money for one {outcome}, in the middle, in {currency}"),
    ),
    (
        "{further}, allocated",
        mark("{further}, dealt out as said (allocated), in the middle, with its 90% interval"),
    ),
    (
        "{further}, equal split",  # not said here
        mark("{further}, dealt out as said (equal split), in the middle, with its 90% interval"),
    ),
    (
        "Allocated ({currency} a year)",  # not said here
        mark("Allocated: money of the place, in {currency} a year"),
    ),
    (
        "Equal split ({currency} a year)",  # not said here
        mark("Equal split: money of the place, in {currency} a year"),
    ),
    (
        "{what} ({currency} a year)",
        mark("money for {what}, dealt out as allocated, in {currency} a year"),
    ),
    (
        "Further {outcome} than without refreshers, middle",  # not said here
        mark("{outcome} that refreshers bring, in the middle of the draws"),
    ),
    ("{what}, middle", mark("{what}, in the middle of the draws")),
    ("Further {outcome}", mark("{outcome} that the investment brings")),
    ("50% interval ({currency})", mark("ends of the 50% interval, in {currency}")),  # not said here
    ("90% interval ({currency})", mark("ends of the 90% interval, in {currency}")),  # not said here
    (
        "Worth of knowing it ({currency})",  # not said here
        mark("what the decision would gain, in {currency}, if the input were known"),
    ),
    ("{counted}, lowest", _LOWEST),
    ("{counted}, highest", _HIGHEST),
    ("{people} x years", mark("how many, added up over the years")),
)
"""Names that hold a unit, a stage or a place -> what they mean; the first that fits counts. The
names are messages that other rooms say, so they fit in every language; they are not said here."""
ANYWHERE: Final = (
    (
        re.compile(r"(?P<level>\d+)% interval"),
        mark("ends of the {level}% interval, in the unit of the figure"),
    ),
    (re.compile(r"^Persons|^Victims|^Cases|^Charges|^Offences|^Investigations"), COUNT),
)
"""What names in English hold besides -> what they mean."""
