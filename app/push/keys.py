"""The key pair that tells push services which server sends (VAPID, RFC 8292).

It is made once, in the data folder. Browsers bind their subscription to it: with another key, every
device has to turn reminders on again.
"""

import importlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

FILE = "push-key.json"


@dataclass(frozen=True, slots=True)
class PushKey:
    """The private and the public key as PEM, and the public key as browsers take it."""

    private: str
    public: str
    for_browsers: str


def read_push_key(folder: Path) -> PushKey:
    """Return this installation's key; make it at the first call."""
    path = folder / FILE
    if not path.exists():
        _make(path)
    return PushKey(**json.loads(path.read_text()))


def _make(path: Path) -> None:
    """Write a new key, readable by its owner only, unless another process was faster."""
    # Loaded only by installations that send: it takes 0.3 s and 30 MiB.
    vapid = importlib.import_module("webpush.vapid").VAPID
    private, public, for_browsers = vapid.generate_keys()
    key = {"private": private.decode(), "public": public.decode(), "for_browsers": for_browsers}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, made = mkstemp(dir=path.parent, prefix=".push-key-")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(key, file)
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces the key of a process that was faster.
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        Path(made).unlink()
