"""The keys of datasets of kind `cases`, one row per defendant, and `case_counts`, their counts."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from gapatlas.config.base import UnfitError
from gapatlas.languages import worded

LEAST_THRESHOLD: Final = 10
LEAST_BASE: Final = 5
_MASTER: Final = re.compile(
    r"spark://[^\s/:,]+:\d+(,[^\s/:,]+:\d+)*|yarn|k8s://\S+|local(\[[0-9*]+\])?"
)
_MASTERS: Final = (
    "spark://host:7077, spark://one:7077,two:7077, yarn, k8s://https://host:443, local[2]"
)
_FOLDER: Final = re.compile(r"/.*|[a-z][a-z0-9]*://.+")
CaseColumn = Literal[
    "place", "year_charged", "outcome", "year_ended", "charge", "main_charge", "cross_border",
    "victims_band", "task_force", "team_trained", "evidence", "victim_testimony", "other_witness",
    "financial_records", "digital_communications", "physical_forensic", "surveillance", "expert",
    "travel_border_records", "defence", "consent", "credibility_of_witness", "lack_of_knowledge",
    "mistaken_identity", "suppression_of_evidence", "duress", "jurisdiction_procedure",
    "cooperation", "defendant_key", "co_defendant_key", "dataset",
]  # fmt: skip
"""What a column of a case file can be; a test holds it to `vocabulary.CASE_COLUMNS`."""


class Disclosure(BaseModel):
    """How persons are protected where counts of them are shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    threshold: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=LEAST_THRESHOLD,
        description=f"Counts below this number are withheld. At least {LEAST_THRESHOLD}, unless "
        "`unprotected` is true.",
    )
    base: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=LEAST_BASE,
        description="Counts are rounded to multiples of this number; at most the threshold. At "
        f"least {LEAST_BASE}, unless `unprotected` is true.",
    )
    unprotected: bool = Field(
        default=False,
        description="`true` lets the two numbers above be smaller. It brands every output: for "
        "files of which all may see every row.",
    )

    @model_validator(mode="after")
    def _no_less_than_the_least(self) -> Self:
        for key, value, least in (
            ("threshold", self.threshold, LEAST_THRESHOLD),
            ("base", self.base, LEAST_BASE),
        ):
            if value < least and not self.unprotected:
                raise UnfitError(
                    worded(
                        "{key} {value} protects persons too little.",
                        key=key.capitalize(),
                        value=value,
                    ),
                    worded(
                        "{least} or more, or `unprotected: true`, which brands every output",
                        least=least,
                    ),
                )
        if self.base > self.threshold:
            raise UnfitError(
                worded(
                    "Base {base} is above the threshold {threshold}: a count could be "
                    "rounded to zero.",
                    base=self.base,
                    threshold=self.threshold,
                ),
                worded("a base up to the threshold"),
            )
        return self


Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]


class Spark(BaseModel):
    """Where Spark is, which counts the cases of a dataset with `engine: spark`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    master: Address = Field(
        description="Address of the master: `spark://host:7077`, several as "
        "`spark://one:7077,two:7077`; also `yarn`, `k8s://...`, or `local[2]` for two cores of "
        "this machine."
    )
    folder: Address | None = Field(
        default=None,
        description="Where the workers see the folder of this config: a path, or an address such "
        "as `hdfs://host/atlas`. If left out: under the same path as here.",
    )
    wait_seconds: Annotated[int, Field(ge=1, le=86_400)] = Field(
        default=120,
        description="How long a job waits while there is no worker for it, until it is given up.",
    )
    settings: dict[str, bool | int | float | str] = Field(
        default={},
        description="Settings of Spark by their names, such as `spark.executor.memory: 4g`. "
        "Passwords never stand in a config: Spark reads them from its own `spark-defaults.conf`.",
    )

    @field_validator("master")
    @classmethod
    def _master_is_an_address(cls, master: str) -> str:
        if not _MASTER.fullmatch(master):
            raise UnfitError(
                worded("'{master}' is no address of a master.", master=master),
                worded("such as {examples}", examples=_MASTERS),
            )
        return master

    @field_validator("folder")
    @classmethod
    def _folder_is_whole(cls, folder: str | None) -> str | None:
        if folder is not None and not _FOLDER.fullmatch(folder):
            raise UnfitError(
                worded("'{folder}' is no folder that every worker finds.", folder=folder),
                worded(
                    "a path from the top such as {path}, or an address such as {address}",
                    path="/shared/atlas",
                    address="hdfs://host/atlas",
                ),
            )
        return folder


class CaseKeys(BaseModel):
    """The keys that only datasets of kind `cases` have, and some of them kind `case_counts`."""

    columns: dict[str, CaseColumn] = Field(
        default={},
        description="Only for kind cases: name of a column in the file -> what it is. `place`, "
        "`year_charged` and `outcome` are needed; every column is mapped here or dropped below.",
    )
    codes: dict[str, dict[str, str]] = Field(
        default={},
        description="Only for kind cases: what a column is -> code in the file -> our word. A "
        "column without codes uses our words. An empty cell means unknown.",
    )
    separator: Annotated[str, Field(min_length=1, max_length=3)] = Field(
        default=";",
        description="Only for kind cases: what stands between several entries of one cell, in "
        "`charge`, `evidence` and `defence`.",
    )
    not_listed: Literal["absent", "unknown"] | None = Field(
        default=None,
        description="Only for kind cases with a list of evidence or defences in one column: "
        "what it means that a type is not in the list of a case. Needed there.",
    )
    dropped: tuple[str, ...] = Field(
        default=(),
        description="Only for kind cases: columns of the file that are never read, such as names "
        "and dates of birth.",
    )
    synthetic: bool = Field(
        default=False,
        description="Only for kinds cases and case_counts: whether the cases are made up. Then "
        "`short`, the title in the descriptor and every row of cases say SYNTHETIC.",
    )
    disclosure: Disclosure = Field(
        default=Disclosure(),
        description="Only for kinds cases and case_counts: how persons are protected; of counts, "
        "how they were protected before.",
    )

    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        exclude=True,
        description="Only for kind cases: what counts them. `duckdb` does it here. `spark` has the "
        "workers of a Spark do it, where one machine is too small. The counts are the same.",
    )
    spark: Spark | None = Field(
        default=None,
        exclude=True,
        description="Only for kind cases: where that Spark is. Needed for `engine: spark`.",
    )

    @field_validator("columns", "codes", mode="before")
    @classmethod
    def _keys_as_text(cls, given: Any) -> Any:
        """YAML reads `1: guilty_plea` as the word for a number."""
        if not isinstance(given, dict):
            return given
        return {key_as_text(key): codes_as_text(value) for key, value in given.items()}


def codes_as_text(value: Any) -> Any:
    """A block of codes as texts, where YAML has read numbers; anything else as it is."""
    if not isinstance(value, dict):
        return value
    return {key_as_text(key): number_as_text(inner) for key, inner in value.items()}


def number_as_text(value: Any) -> Any:
    """A number as the text that it is in the file; anything else as it is."""
    return str(value) if type(value) in (int, float) else value


def key_as_text(key: Any) -> Any:
    """A key as text, where YAML has read a number or a truth."""
    if isinstance(key, bool):
        return str(key).lower()
    return number_as_text(key)
