"""Turn an uploaded picture into clean JPEGs, without ever decoding it in this process.

`decoder.py` does the work, one picture at a time: a phone's photo takes some hundred megabytes for
a second. The uploaded bytes are never stored.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from app.errors import Busy, Refused
from app.i18n import Text, _, lazy
from app.job_limits import JobLimit

DECODER = Path(__file__).with_name("decoder.py")
# The long sides of a photo's files: for a close look, a page, a grid.
SIZES = (2048, 1024, 512)
MOST_BYTES = 25_000_000
# The heaviest real photo takes five seconds on a slow processor.
MOST_SECONDS = 20
LIMITS = {
    "sizes": SIZES,
    "pixels": 50_000_000,
    "side": 12_000,
    "memory": 1_600_000_000,
    "seconds": 18,
}
# Decoders start threads; each would reserve address space of its own.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}
ONE_AT_A_TIME = BoundedSemaphore(1)
# One at work and two waiting: each holds a thread of this process, of which there are 40.
PLACES = JobLimit(3, 2, Busy.message)

NO_PHOTO = lazy("This is not a photo Strand can read. Choose a JPEG, PNG, WebP or HEIC file.")
BROKEN = lazy(
    "This photo cannot be read. It may be incomplete: choose it again, or choose another one."
)
SENTENCES: Mapping[str, Text] = {
    "kind": NO_PHOTO,
    "size": lazy("This photo is too large: at most 50 megapixels and 12,000 pixels per side."),
}


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo as it is stored: pixels only, one JPEG per size."""

    width: int
    height: int
    files: tuple[bytes, ...]

    @property
    def size_bytes(self) -> int:
        """Total size of the files in bytes."""
        return sum(len(file) for file in self.files)


def clean_photo(upload: bytes) -> CleanPhoto:
    """Decode an upload and encode it again; raise `Refused` with the reason if that fails.

    The job may have to wait for others, so the caller holds one of `PLACES`.
    """
    if not upload:
        raise Refused(_("This file is empty."))
    if len(upload) > MOST_BYTES:
        raise Refused(
            _("This file is too large: at most {most} MB per photo.", most=MOST_BYTES // 1000000)
        )
    with ONE_AT_A_TIME:
        answer = _decode(upload)
    head, _newline, body = answer.partition(b"\n")
    try:
        said: dict[str, Any] = json.loads(head)
    except ValueError as error:
        raise Refused(BROKEN) from error
    if "refused" in said:
        raise Refused(SENTENCES[said["refused"]])
    return CleanPhoto(said["width"], said["height"], tuple(_files(body, said["lengths"])))


def _decode(upload: bytes) -> bytes:
    """Return the decoder's answer; nothing if it crashed or was stopped."""
    command = [sys.executable, "-I", str(DECODER), json.dumps(LIMITS)]
    try:
        done = subprocess.run(
            command,
            input=upload,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except (subprocess.TimeoutExpired, BrokenPipeError):
        return b""
    return done.stdout if done.returncode == 0 else b""


def _files(body: bytes, lengths: list[int]) -> list[bytes]:
    """Split the answer into JPEGs, without trusting a decoder that may be compromised."""
    files, start = [], 0
    for length in lengths:
        file = body[start : start + length]
        if not (file.startswith(b"\xff\xd8\xff") and file.endswith(b"\xff\xd9")):
            raise Refused(BROKEN)
        files.append(file)
        start += length
    if len(files) != len(SIZES):
        raise Refused(BROKEN)
    return files
