"""The lines of a text file, in any encoding, packed or not."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from charset_normalizer import CharsetMatch, from_bytes

from gapatlas.errors import ValidationError, reason_of
from gapatlas.languages import grouped, worded
from gapatlas.reading.blocks import Job
from gapatlas.reading.limits import check_unpacked
from gapatlas.reading.signs import LOOKED_AT, sign_of

PACKED: Final = ".gz"
_CHUNK: Final = 65_536
_SAMPLE: Final = 16_384
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LIKELY: Final = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp850",
    "mac_roman", "koi8_r", "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5", "tis_620",
]  # fmt: skip
_CENTRAL: Final = frozenset("ŚŤŹśťźŁĄŻłąľĽżşŞŠšŽžŢţĐđ")
"""Letters of cp1250 whose bytes are signs in cp1252, or letters that Western words hardly have."""
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_lines(job: Job) -> Iterator[str]:
    """The lines with their ends, as they stand in the file, without a byte order mark.

    Raises:
        ValidationError: the file is no text, in another encoding, damaged or too large.
    """
    try:
        if job.file.suffix.lower() == PACKED:
            _unpack_once(job)
        with _bytes(job) as stream:
            _refuse_other_kinds(stream, job)
            yield from _lines(io.TextIOWrapper(stream, _codec(job), newline=""), job)
    except UnicodeError:
        raise _wrong_encoding(job) from None
    except EOFError:
        raise job.refused(
            worded("The file ends too early: it is not whole."), allowed=worded("a whole gzip file")
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise job.refused(
            worded("The file is damaged: it can't be unpacked."),
            allowed=worded("a whole gzip file"),
        ) from None
    except OSError as error:
        raise job.refused(
            worded("The file cannot be read: {reason}.", reason=reason_of(error))
        ) from None


def text_bytes(job: Job) -> int | None:
    """Size of the text; None where the file is packed, or takes bytes that cells don't."""
    if job.file.suffix.lower() == PACKED or _codec(job).startswith(("utf-16", "utf-32")):
        return None
    return job.file.stat().st_size


def _codec(job: Job) -> str:
    name = codecs.lookup(job.options.get("encoding") or "utf-8").name
    return "utf-8-sig" if name == "utf-8" else name


class _Counted(io.RawIOBase):
    """A stream that is refused when it gives too many bytes."""

    def __init__(self, stream: IO[bytes], job: Job) -> None:
        self._stream, self._job, self._given = stream, job, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._given += len(data)
        check_unpacked(self._given, self._job.limits, self._job.shown)
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _bytes(job: Job) -> Iterator[io.BufferedReader]:
    with job.file.open("rb") as plain:
        if job.file.suffix.lower() != PACKED:
            yield plain
            return
        with gzip.open(plain) as unpacked:
            yield io.BufferedReader(_Counted(unpacked, job), _CHUNK)  # type: ignore[arg-type]


def _unpack_once(job: Job) -> None:
    """Unpack a file to its end: that it is cut off is known in a moment, and not after its rows."""
    with _bytes(job) as stream:
        while stream.read(_CHUNK):
            pass


def _refuse_other_kinds(stream: io.BufferedReader, job: Job) -> None:
    sign = sign_of(stream.peek(LOOKED_AT)[:LOOKED_AT])
    if sign:
        what, allowed = sign
        raise job.refused(worded("The file is no text."), found=what, allowed=allowed)


def _lines(text: io.TextIOWrapper, job: Job) -> Iterator[str]:
    most = job.limits.line_characters
    number = 0
    while line := text.readline(most + 1):
        number += 1
        if len(line) > most:
            found = worded("more than {most} characters", most=grouped(most))
            allowed = worded("up to {most}", most=grouped(most))
            raise job.refused(
                worded("The line is too long."), row=number, found=found, allowed=allowed
            )
        if "\0" in line:
            raise _has_nul(number, job)
        yield line.removeprefix("\ufeff") if number == 1 else line


def _has_nul(number: int, job: Job) -> ValidationError:
    with _bytes(job) as stream:
        guess = _two_bytes_a_letter(stream.read(_SAMPLE))
    line = worded("text; perhaps `encoding: {guess}` under `read:`", guess=guess)
    allowed = line if guess else worded("text")
    return job.refused(
        worded("The row holds a NUL character."),
        row=number,
        found=worded("the byte 0x{byte}", byte="00"),
        allowed=allowed,
    )


def _two_bytes_a_letter(sample: bytes) -> str | None:
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if zeros and zeros.count(0) > len(zeros) / 2:
            return name
    return None


# ---------------------------------------------------------------- the wrong encoding


def _wrong_encoding(job: Job) -> ValidationError:
    """Reads the file again, up to the byte that can't be read."""
    row, byte, sample = _first_wrong_byte(job)
    named = job.options.get("encoding") or "utf-8"
    guess = _guessed_encoding(sample)
    line = worded("`encoding: {guess}` under `read:` (a guess)", guess=guess)
    return job.refused(
        worded("The file is not in the encoding {named}.", named=named),
        row=row,
        found=worded("the byte 0x{byte}", byte=f"{byte:02X}"),
        allowed=line if guess else worded("the encoding it is in"),
    )


def _first_wrong_byte(job: Job) -> tuple[int, int, bytes]:
    """Row of the first byte that can't be decoded, the byte, and what stands around it."""
    decoder = codecs.getincrementaldecoder(_codec(job))()
    row, before, ended_in_return = 1, b"", False
    with _bytes(job) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(_codec(job), errors="ignore")
                row += len(_LINE_END.findall(good)) - (ended_in_return and good[:1] == "\n")
                around = (before + error.object)[-_CHUNK:]
                at = len(around) - len(error.object) + error.start
                return row, error.object[error.start], _around(around, at)
            except UnicodeError:  # a byte order mark that is not there
                return 1, chunk[0] if chunk else 0, chunk[:_SAMPLE]
            row += len(_LINE_END.findall(text)) - (ended_in_return and text[:1] == "\n")
            ended_in_return = text[-1:] == "\r"
            before = chunk
            if not chunk:
                return row, 0, before[:_SAMPLE]


def _around(data: bytes, at: int) -> bytes:
    start = max(0, at - _SAMPLE // 2)
    return data[start : start + _SAMPLE]


def _is_western(best: CharsetMatch, sample: bytes) -> bool:
    """Whether it is rather in the encoding of Western Europe: that gives the same text, or a text
    too short to tell its language was taken for the one of Central Europe without a letter that
    only stands there. The letters that both have at one byte (ñ and ń) leave it open."""
    if _LIKELY[0] in best.could_be_from_charset:
        return True
    if best.encoding != "cp1250" or best.language != "Unknown":
        return False
    return not _CENTRAL & set(sample.decode("cp1250", errors="ignore"))


def _guessed_encoding(sample: bytes) -> str | None:
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    unmarked = _two_bytes_a_letter(sample)
    if unmarked:
        return unmarked
    try:
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(sample, cp_isolation=_LIKELY).best()
        if best is None:
            return None
        return _LIKELY[0] if _is_western(best, sample) else best.encoding
