"""Objects in S3-compatible stores: fetched into a folder of their own, then read as files."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from gapatlas.errors import ValidationError
from gapatlas.reading.blocks import Job
from gapatlas.reading.limits import check_size

SECONDS_TO_ANSWER: Final = 5
_CHUNK: Final = 1_000_000


def fetched(job: Job) -> Path:
    """Copy the object at `url` into the folder of the job.

    The endpoint and the credentials come from the environment (`AWS_ENDPOINT_URL`,
    `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`), never from the config.

    Raises:
        ValidationError: the driver or the object is not there, the store does not answer or does
            not let us in, or the object is too large.
    """
    try:
        import s3fs
        from botocore.exceptions import BotoCoreError
    except ImportError:
        message = "The driver for S3-compatible stores is not installed."
        raise job.refused(message, allowed="pip install 'gapatlas[s3]'") from None
    url = str(job.options["url"])
    patience = {
        "connect_timeout": SECONDS_TO_ANSWER,
        "read_timeout": SECONDS_TO_ANSWER,
        "retries": {"max_attempts": 1},
    }
    target = job.folder / PurePosixPath(url).name
    try:
        store = s3fs.S3FileSystem(config_kwargs=patience, skip_instance_cache=True)
        check_size(int(store.info(url)["size"]), job.limits, job.shown)
        with store.open(url, "rb", block_size=5 * _CHUNK) as object_, target.open("wb") as copy:
            given = 0
            while data := object_.read(_CHUNK):
                given += len(data)
                check_size(given, job.limits, job.shown)
                copy.write(data)
    except FileNotFoundError:
        raise job.refused("The store has no such object.", found=url) from None
    except PermissionError:
        raise _no_entry(job) from None
    except (OSError, BotoCoreError) as error:
        if "redential" in type(error).__name__:
            raise _no_entry(job) from None
        message = "The store does not answer."
        allowed = "a store that answers at the address in AWS_ENDPOINT_URL"
        raise job.refused(message, found=url, allowed=allowed) from None
    return target


def _no_entry(job: Job) -> ValidationError:
    allowed = "credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY that may read it"
    return job.refused("The store does not let us in.", allowed=allowed)
