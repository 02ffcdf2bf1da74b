"""Web Push: the key of this installation, allowed push services, and sending.

`sending` and the encryption are loaded when there is something to send: they take 0.4 s and 40 MiB,
which an installation without reminders never needs.
"""

import importlib
from collections.abc import Collection
from pathlib import Path

from app.push.addresses import PushServices
from app.push.keys import read_push_key
from app.push.message import Sender


def push_sender(folder: Path, named: Collection[str]) -> Sender:
    """Make the sender of an installation: its data folder, and the services that it names."""
    sending = importlib.import_module("app.push.sending")
    sender: Sender = sending.PushSender(read_push_key(folder), PushServices(named))
    return sender
