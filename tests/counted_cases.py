"""Protected counts of cases: a made-up table, and tables read back as the audit wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from gapatlas.protection import ALL, LEAST_WINDOW, Published, Rules
from tests.support import DESCRIPTOR

OUTCOMES = ("convicted", "acquitted", "dismissed", "open")


def read_back(table: pd.DataFrame, unpublished: Mapping[str, Sequence[str]]) -> Published:
    """What `protect_family` returned, from a table of case counts whose splits are one family.

    Args:
        table: columns of case counts; `persons` missing where withheld.
        unpublished: split -> values that only enter the totals.
    """
    splits = [split for split in table["split"].unique() if split != "none"]
    coarse = table[table["outcome"].isin((ALL, *OUTCOMES))]
    everybody = coarse[coarse["split"] == "none"]
    frames = []
    for split in splits:
        own = pd.concat([everybody, coarse[coarse["split"] == split]])
        others = dict.fromkeys(splits, ALL)
        frames.append(own.assign(table=split, **{**others, split: own["value"]}))
    frame = pd.concat(frames)[["table", *splits, "outcome", "persons", "low", "high", "status"]]
    domains = {
        split: (*sorted(coarse.loc[coarse["split"] == split, "value"]), *unpublished.get(split, ()))
        for split in splits
    }
    return Published(
        frame.reset_index(drop=True),
        {split: (split, "outcome") for split in splits},
        {**{s: tuple(dict.fromkeys(values)) for s, values in domains.items()}, "outcome": OUTCOMES},
        Rules(window=LEAST_WINDOW),
    )


HEADER = "split,value,outcome,persons,low,high,status"
TABLE = (
    "none,all,all,400,398,402,shown",
    "none,all,convicted,250,248,252,shown",
    "none,all,guilty_plea,200,198,202,shown",
    "none,all,acquitted,,,,withheld",
    "place,AAA,all,150,148,152,shown",
    "place,AAA,convicted,100,98,102,shown",
    "place,BBB,all,250,248,252,shown",
    "place,BBB,dismissed,10,10,12,shown",
    "year_charged,2019,all,130,128,132,shown",
    "year_charged,unknown,all,,,,withheld",
    "charge,Sex trafficking,all,300,298,302,shown",
    "victims_band,2-5,all,90,88,92,shown",
    "team_trained,yes,all,120,118,122,shown",
    "victim_testimony,present,all,220,218,222,shown",
    "victim_testimony,absent,all,,,,withheld",
    "consent,not_used,all,190,188,192,shown",
    "testimony_and_others,present|2,all,60,58,62,shown",
    "testimony_and_others,absent|3 or more,all,,,,withheld",
)
"""Made-up counts of cases that keep every rule, for a small world."""
KEYS: dict[str, Any] = {
    "kind": "case_counts",
    "source": "counted",
    "short": "Counted cases",
    "file": "counted.csv",
    "descriptor": "counted.yaml",
    "period": [2015, 2020],
    "disclosure": {"threshold": 10, "base": 5},
}


def add_case_counts(config: Path, lines: Iterable[str] = TABLE, **keys: object) -> Path:
    """Give a small world a table of case counts; a key that is None is left out."""
    folder = config.parent
    (folder / "counted.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    (folder / "counted.yaml").write_text(yaml.safe_dump(DESCRIPTOR, sort_keys=False), "utf-8")
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    block = {key: value for key, value in {**KEYS, **keys}.items() if value is not None}
    content["datasets"]["counted"] = block
    config.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return config
