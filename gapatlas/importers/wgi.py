"""World Bank, Worldwide Governance Indicators: the estimate of the rule of law."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    ESTIMATED,
    INDICATOR_DEFINITIONS,
    NOT_REPORTED,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    indicator_table,
    sha256_of,
)
from gapatlas.importers.countries import KOSOVO, is_country_code
from gapatlas.importers.tables import (
    Findings,
    PublishedTable,
    decimals,
    read_xlsx_cells,
    refuse_repeated,
    table_under_header,
    years,
)

SHEET = "ruleoflaw"
NAME, CODE = "Country/Territory", "Code"
ESTIMATE, ERROR = "Estimate", "StdErr"
NO_ESTIMATE = ("#N/A", "")
Z = 1.96
"""Standard errors on either side of an estimate between which the truth lies in 95 of 100 cases."""
OWN_CODES = {
    "ADO": "AND",
    "KSV": KOSOVO,
    "ROM": "ROU",
    "TMP": "TLS",
    "WBG": "PSE",
    "ZAR": "COD",
}
"""Reviewed: the World Bank's own codes, each checked against the name beside it."""
NOT_A_PLACE = {"ANT": "a territory until 2010, without a code today"}


class Wgi(Importer):
    """Reads estimate and standard error of each year of the sheet on the rule of law."""

    id = "wgi"
    title = "Worldwide Governance Indicators, rule of law (xlsx)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "e77597679f8b401f2a61abe6e298862009eff038ef8faa9b1291c8bc877fd5f9": Edition(
            name="2020 update, 1996-2019",
            dataset_id="wgi",
            facts={
                "published rows": 214,
                "places": 213,
                "years": 21,
                "first year": 1996,
                "last year": 2019,
                "estimates": 4_369,
                "not reported": 104,
                "estimates outside -2.5 to 2.5": 1,
            },
            figures=(
                Figure("indicators", {"jurisdiction_id": "ROU", "year": 2019}, "value", 0.364005),
                Figure("indicators", {"jurisdiction_id": "ROU", "year": 2019}, "low", 0.098143),
                Figure("indicators", {"jurisdiction_id": "SOM", "year": 2008}, "value", -2.606445),
                Figure("indicators", {"jurisdiction_id": "XKX", "year": 2019}, "value", -0.393017),
            ),
            caveats=("There is no estimate for 1997, 1999 and 2001: the publisher made none.",),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        published = table_under_header(read_xlsx_cells(path, SHEET), path, (NAME, CODE))
        findings = Findings(path.name)
        rows = _read_rows(published, findings)
        findings.raise_errors()
        table = _estimates(rows[rows["jurisdiction_id"].notna()])
        facts = _facts(published.frame, table)
        descriptor = _descriptor(path, facts, self.edition(path))
        notices = tuple(findings.notices)
        return Import(self.id, "wgi", {"indicators": table}, facts, notices, descriptor)


def _read_rows(published: PublishedTable, findings: Findings) -> pd.DataFrame:
    """One row for each place and published year: value and error, missing where `#N/A`."""
    frame = published.frame
    place = _places(frame.iloc[:, published.columns.index(CODE)], findings)
    pairs = _columns_by_year(published, findings)
    parts = []
    for year, (at_estimate, at_error) in pairs.items():
        estimate = decimals(frame.iloc[:, at_estimate], findings, f"{ESTIMATE} {year}", NO_ESTIMATE)
        error = decimals(frame.iloc[:, at_error], findings, f"{ERROR} {year}", NO_ESTIMATE)
        _refuse_half(estimate, error, findings, year)
        columns = {"jurisdiction_id": place, "year": year, "value": estimate, "error": error}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _places(codes: pd.Series, findings: Findings) -> pd.Series:
    printed = codes.str.strip()
    meant = printed.replace(OWN_CODES)
    for row, code in meant[~meant.map(is_country_code)].items():
        if code in NOT_A_PLACE:
            message = f"The row is left out: {NOT_A_PLACE[code]}."
            findings.notice(message, int(str(row)), CODE, code)
        else:
            allowed = "codes of ISO 3166-1, or those listed in gapatlas/importers/wgi.py"
            found = code or "an empty cell"
            findings.error("The code is not known.", int(str(row)), CODE, found, allowed)
    place = meant.where(meant.map(is_country_code))
    refuse_repeated(pd.DataFrame({CODE: place.dropna()}), findings, CODE, "code")
    return place


def _columns_by_year(published: PublishedTable, findings: Findings) -> dict[int, tuple[int, int]]:
    """Year -> position of its estimate and of its standard error; the row above has the years."""
    header = published.columns
    above = published.preamble[-1] if published.preamble else []
    estimates = [at for at, name in enumerate(header) if name == ESTIMATE]
    if not estimates:
        findings.error("There is no column of estimates.", None, ESTIMATE, allowed=ESTIMATE)
    printed = pd.Series({at: above[at] if at < len(above) else "" for at in estimates}, dtype="str")
    of_year = years(printed, findings, "the row above the header")
    for at in estimates:
        beside = ", ".join(header[at + 1 : at + 2]) or "no column"
        if beside != ERROR:
            message = "An estimate has no standard error beside it."
            findings.error(message, None, f"{ESTIMATE} {printed[at]}", beside, ERROR)
    findings.raise_errors()
    return {int(of_year[at]): (at, at + 1) for at in estimates}


def _refuse_half(estimate: pd.Series, error: pd.Series, findings: Findings, year: int) -> None:
    for row in estimate.index[(estimate.notna() != error.notna()) | (error < 0).fillna(False)]:
        findings.error(
            "The estimate and its standard error do not go together.",
            int(str(row)),
            f"{ERROR} {year}",
            f"estimate {estimate[row]}, error {error[row]}",
            "both or neither, and no negative standard error",
        )


def _estimates(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows["value"].notna()
    return indicator_table(
        rows.assign(
            indicator="wgi_rule_of_law",
            low=rows["value"] - Z * rows["error"],
            high=rows["value"] + Z * rows["error"],
            status=pd.Series(ESTIMATED, index=rows.index).where(known, NOT_REPORTED),
            note="",
        )
    )


def _facts(frame: pd.DataFrame, table: pd.DataFrame) -> dict[str, int]:
    known = table[table["value"].notna()]
    return {
        "published rows": len(frame),
        "places": table["jurisdiction_id"].nunique(),
        "years": table["year"].nunique(),
        "first year": int(table["year"].min()),
        "last year": int(table["year"].max()),
        "estimates": len(known),
        "not reported": len(table) - len(known),
        "estimates outside -2.5 to 2.5": int((known["value"].abs() > 2.5).sum()),
    }


def _descriptor(path: Path, facts: Mapping[str, int], edition: Edition | None) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"Worldwide Governance Indicators: rule of law, {span}",
        "publisher": "World Bank",
        "edition": edition.name if edition else span,
        "published": 2020 if edition else None,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": "Kaufmann, D., Kraay, A. and Mastruzzi, M., Worldwide Governance Indicators "
        f"{span}, World Bank.",
        "retrieved": "file supplied to the project; layout of the publisher's download",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": Wgi.id,
        "method": "estimates as printed; their limits are this project's, the estimate less and "
        "plus 1.96 of its published standard errors (95 per cent)",
        "caveats": [
            "The estimate sums up what surveys and experts think of contracts, property, police, "
            "courts and crime. It is not about trafficking.",
            "Each year the average of all places is set to about 0 and their spread to about 1, "
            "so a change can be a change of the others. Values run from about -2.5 (weak) to 2.5 "
            f"(strong); outside lie {facts['estimates outside -2.5 to 2.5']} of the estimates.",
            "The file's own limits are of ranks; the limits here are of the estimate. Two places "
            "whose limits overlap may not differ.",
            *(edition.caveats if edition else ()),
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": {},
    }
