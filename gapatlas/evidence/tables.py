"""Table twins of the charts of cases, with words for column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gapatlas.cases.vocabulary import UNKNOWN
from gapatlas.config.vocabulary import MERGED, RANGE_ONLY
from gapatlas.evidence.shares import printed_share
from gapatlas.evidence.words import (
    FACTORS,
    NOT_KNOWN,
    OUTCOME_TITLES,
    outcome_label,
    size_words,
)
from gapatlas.protection import SHOWN, WITHHELD, WITHHELD_TEXT
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence

POINTS: Final = "percentage points"


def marked_table(found: CaseEvidence, table: pd.DataFrame) -> pd.DataFrame:
    """A table with what stands in all of them: years, source, and the brand if there is one."""
    marked = table.assign(**{"Charged in": found.years, "Source": found.short})
    return marked.assign(Protection=found.about.brand) if found.about.brand else marked


def funnel_table(shown: pd.DataFrame, found: CaseEvidence) -> pd.DataFrame:
    """Persons at each step."""
    return pd.DataFrame(
        {
            "Persons": shown["name"],
            _rounded(found): _whole(shown["persons"]),
            "At least": _whole(shown["low"]),
            "At most": _whole(shown["high"]),
            "In words": shown["words"],
        }
    )


def shares_table(shares: pd.DataFrame, what: str, found: CaseEvidence) -> pd.DataFrame:
    """Shares of an outcome.

    Args:
        shares: of `CaseEvidence.shares`.
        what: name of the column of labels.
        found: what it is of.
    """
    return pd.DataFrame({what: shares["label"], **_share_columns(shares, found)})


def beside_table(shares: pd.DataFrame, kind: str, found: CaseEvidence) -> pd.DataFrame:
    """Shares with, without, and where it is not known.

    Args:
        shares: of `factor_shares`, with label and factor.
        kind: name of the column of labels.
        found: what it is of.
    """
    said = {"present": "With it", "used": "With it", "absent": "Without it"}
    said |= {"not_used": "Without it", UNKNOWN: NOT_KNOWN}
    values = [", or ".join(said[each] for each in value.split(MERGED)) for value in shares["value"]]
    named = {f"{kind[:1].upper()}{kind[1:]}": shares["label"], "Value": values}
    return pd.DataFrame({**named, **_share_columns(shares, found)})


def _share_columns(shares: pd.DataFrame, found: CaseEvidence) -> dict[str, Any]:
    return {
        "Outcome": shares["outcome"].map(OUTCOME_TITLES),
        "Share of ended cases, %": _percent(shares["share"]),
        "95% interval from, %": _percent(shares["low"]),
        "to, %": _percent(shares["high"]),
        "Status": shares["status"].map(
            {SHOWN: "Shown", RANGE_ONLY: "A range: a part is withheld", WITHHELD: WITHHELD_TEXT}
        ),
        f"With this outcome, {_rounded(found).lower()}": _whole(shares["persons"]),
        f"Ended, {_rounded(found).lower()}": _whole(shares["ended"]),
        f"Charged, {_rounded(found).lower()}": _whole(shares["charged"]),
    }


def effects_table(effects: pd.DataFrame, kind: str, found: CaseEvidence) -> pd.DataFrame:
    """Differences in conviction, other things equal and as counted, with odds ratios."""
    names = {
        "points": f"Difference, other things equal ({POINTS})",
        "low": "95% interval from",
        "high": "to",
        "odds_ratio": "Odds ratio, other things equal (1: no difference)",
        "odds_low": "Odds ratio, 95% interval from",
        "odds_high": "Odds ratio, to",
        "raw_points": f"Difference as counted ({POINTS})",
    }
    table = pd.DataFrame(
        {
            f"{kind[:1].upper()}{kind[1:]}": effects["factor"].map(FACTORS),
            "Compared": [
                "Not known, against without it" if value == UNKNOWN else "With it, against without"
                for value in effects["value"]
            ],
            **{words: effects[name].astype("float64") for name, words in names.items()},
        }
    )
    for side, words in (("with", "with it"), ("without", "without it")):
        table[f"Convicted {words}, %"] = _percent(effects[f"share_{side}"])
        table[f"Convicted {words}, 95% from"] = _percent(effects[f"share_{side}_low"])
        table[f"Convicted {words}, to"] = _percent(effects[f"share_{side}_high"])
        table[f"Ended {words}, {_rounded(found).lower()}"] = _whole(effects[f"persons_{side}"])
    return table.assign(Status=_status(effects))


def pairs_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of evidence: drawn to zero, alone, and beyond the sum."""
    names = {
        "points": f"Together, beyond what the two go with ({POINTS})",
        "low": "95% interval from",
        "high": "to",
        "alone": "The same before pairs are drawn to zero",
        "alone_low": "its 95% interval from",
        "alone_high": "its interval, to",
        "beyond_sum": f"Beyond the sum of the two differences ({POINTS})",
        "beyond_sum_low": "that, 95% interval from",
        "beyond_sum_high": "that, to",
        "wrong_direction": "Chance that it points the wrong way",
    }
    return pd.DataFrame(
        {
            "First": pairs["first"].map(FACTORS),
            "Second": pairs["second"].map(FACTORS),
            **{words: pairs[name].astype("float64") for name, words in names.items()},
            "Stands out": ["yes" if each else "no" for each in pairs["stands_out"].fillna(False)],
            "Status": _status(pairs),
        }
    )


def pairings_table(pairings: pd.DataFrame) -> pd.DataFrame:
    """The share convicted where evidence meets a defence."""
    return pd.DataFrame(
        {
            "Evidence": pairings["evidence"].map(FACTORS),
            "Defence": pairings["defence"].map(FACTORS),
            "Convicted of ended cases, %": _percent(pairings["pooled"]),
            "95% interval from, %": _percent(pairings["low"]),
            "to, %": _percent(pairings["high"]),
            "Status": _status(pairings),
        }
    )


def testimony_table(shares: pd.DataFrame) -> pd.DataFrame:
    """The share convicted by testimony and number of other kinds of evidence."""
    words = {"present": "With testimony", "absent": "Without testimony", UNKNOWN: NOT_KNOWN}
    return pd.DataFrame(
        {
            "Other kinds of evidence": shares["others"],
            "Victim testimony": shares["testimony"].map(words),
            "Convicted of ended cases, same mix, %": _percent(shares["share"]),
            "95% interval from, %": _percent(shares["low"]),
            "to, %": _percent(shares["high"]),
            "Status": _status(shares),
        }
    )


def differences_table(differences: pd.DataFrame) -> pd.DataFrame:
    """With testimony less without."""
    return pd.DataFrame(
        {
            "Other kinds of evidence": differences["others"],
            f"With testimony, less without ({POINTS})": differences["points"].astype("float64"),
            "95% interval from": differences["low"].astype("float64"),
            "to": differences["high"].astype("float64"),
            "Status": _status(differences),
        }
    )


def time_table(times: pd.DataFrame, median: str) -> pd.DataFrame:
    """Share ended by years after the charge.

    Args:
        times: rows of `case_time`.
        median: when half have ended, in words.
    """
    return pd.DataFrame(
        {
            "Years after the charge": times["years_after"].astype("int64"),
            "Ended, %": _percent(times["share"]),
            "95% interval from, %": _percent(times["low"]),
            "to, %": _percent(times["high"]),
            "Half have ended": median,
        }
    )


def time_outcomes_table(times: pd.DataFrame) -> pd.DataFrame:
    """Share ended in each outcome by years after the charge."""
    return pd.DataFrame(
        {
            "Outcome": [outcome_label(outcome) for outcome in times["outcome"]],
            "Years after the charge": times["years_after"].astype("int64"),
            "Ended so, %": _percent(times["share"]),
            "95% interval from, %": _percent(times["low"]),
            "to, %": _percent(times["high"]),
            "Status": _status(times),
        }
    )


def sizes_table(sizes: pd.DataFrame) -> pd.DataFrame:
    """The share convicted by size of the network."""
    return pd.DataFrame(
        {
            "Persons in the network": [size_words(r.size_from, r.size_to) for r in rows(sizes)],
            "Networks, rounded": _whole(sizes["networks"]),
            "Convicted of ended cases, %": _percent(sizes["convicted_share"]),
            "95% interval from, %": _percent(sizes["low"]),
            "to, %": _percent(sizes["high"]),
            "Status": _status(sizes),
        }
    )


def reach_table(networks: pd.DataFrame, parts: dict[str, str], found: CaseEvidence) -> pd.DataFrame:
    """How many of a network were convicted, by years or by reach.

    Args:
        networks: rows with label, networks, status, and a share for each of the parts.
        parts: column -> what it is called.
        found: what it is of.
    """
    columns: dict[str, Any] = {
        "Networks charged": networks["label"],
        "Networks, rounded": _whole(networks["networks"]),
    }
    for name, words in parts.items():
        low, high = network_interval(networks, name, found)
        columns[f"{words}, %"] = _percent(networks[name])
        columns[f"{words}, 95% from"] = _percent(pd.Series(low))
        columns[f"{words}, to"] = _percent(pd.Series(high))
    return pd.DataFrame({**columns, "Status": list(_status(networks))})


def network_interval(networks: pd.DataFrame, part: str, found: CaseEvidence) -> tuple[Any, Any]:
    """The 95% interval of a share of networks, from its rounded counts."""
    whole = networks["networks"].astype("float64")
    base = int(found.about.base)
    count = (networks[part].astype("float64") * whole / base).round() * base
    return printed_share(count, whole, base, int(found.about.threshold))


def _status(table: pd.DataFrame) -> list[str]:
    return ["Shown" if status == SHOWN else WITHHELD_TEXT for status in table["status"]]


def _rounded(found: CaseEvidence) -> str:
    base = int(found.about.base)
    return f"Rounded to {base}" if base > 1 else "Number"


def _percent(shares: pd.Series) -> pd.Series:
    return (100 * shares.astype("float64")).round(1)


def _whole(counts: pd.Series) -> pd.Series:
    return counts.astype("float64").round().astype("Int64")
