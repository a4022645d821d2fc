"""Objects in S3-compatible stores: fetched into a folder of their own, then read as files."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Final

from pyarrow import fs

from gapatlas.languages import worded
from gapatlas.reading.blocks import Job
from gapatlas.reading.limits import check_size

SECONDS_TO_ANSWER: Final = 5
ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
REGIONS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
_CHUNK: Final = 1_000_000
_NO_ENTRY: Final = (
    "ACCESS_DENIED",
    "INVALID_ACCESS_KEY",
    "SIGNATURE",
    "UNAUTHORIZED",
    "credential",
)


def fetched(job: Job) -> Path:
    """Copy the object at `url` into the folder of the job.

    The endpoint and the credentials come from the environment (`AWS_ENDPOINT_URL`,
    `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`), never from the config.

    Raises:
        ValidationError: the object is not there or too large, or the store does not answer or does
            not let us in.
    """
    key = str(job.options["url"]).removeprefix("s3://")
    target = job.folder / PurePosixPath(key).name
    try:
        _copy(_store(), key, target, job)
    except FileNotFoundError:
        raise job.refused(worded("The store has no such object."), found=f"s3://{key}") from None
    except (OSError, ValueError) as error:
        if any(sign in str(error) for sign in _NO_ENTRY):
            allowed = worded(
                "credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY that may read it"
            )
            raise job.refused(worded("The store does not let us in."), allowed=allowed) from None
        allowed = worded("a store that answers at the address in AWS_ENDPOINT_URL")
        raise job.refused(worded("The store does not answer."), allowed=allowed) from None
    return target


def _store() -> fs.S3FileSystem:
    return fs.S3FileSystem(
        endpoint_override=_first_set(ENDPOINTS),
        region=_first_set(REGIONS),
        connect_timeout=SECONDS_TO_ANSWER,
        request_timeout=SECONDS_TO_ANSWER,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
    )


def _first_set(names: tuple[str, ...]) -> str | None:
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def _copy(store: fs.S3FileSystem, key: str, target: Path, job: Job) -> None:
    info = store.get_file_info(key)
    if info.type is not fs.FileType.File:
        raise FileNotFoundError(key)
    check_size(info.size, job.limits, job.shown)
    given = 0
    with store.open_input_stream(key, compression=None) as source, target.open("wb") as copy:
        while data := source.read(_CHUNK):
            given += len(data)
            check_size(given, job.limits, job.shown)
            copy.write(data)
