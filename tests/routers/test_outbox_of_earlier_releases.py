"""What a phone stored by an earlier release, and sends only now, is still accepted.

`tests/data/outbox_entries/` has a file a release: each kind of entry as its outbox sends it, field
by field. Such a file is frozen with its release and never changed afterwards.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import EntryVersion, Note, RegimenItem, User
from tests.routers.pages import TODAY
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.pictures import add_photo, jpeg
from tests.support.regimens import add

FOLDER = Path(__file__).parents[1] / "data" / "outbox_entries"


@dataclass(frozen=True)
class Frozen:
    """One kind of entry of a release."""

    release: str
    device: str
    what: str
    action: str
    fields: list[list[str]]
    file: str | None = None

    def __str__(self) -> str:
        return f"{self.release}: {self.what}"


def frozen(path: Path) -> list[Frozen]:
    release: dict[str, Any] = json.loads(path.read_text())
    said = {name: release[name] for name in ("release", "device")}
    return [Frozen(**said, **entry) for entry in release["entries"]]


ENTRIES = [entry for path in sorted(FOLDER.glob("*.json")) for entry in frozen(path)]


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    """Two times a day, as the entries name them."""
    return add(session, alice)


def post(client: TestClient, entry: Frozen, account: UUID, ids: dict[str, UUID]) -> tuple[int, str]:
    """Send an entry as the outbox does; the status, and whether the answer is an echo."""
    entry_id = str(uuid4())
    named = {name: str(each) for name, each in ids.items()}
    form: dict[str, list[str]] = {"changed_at": [NOW.isoformat()], "device": [entry.device]}
    for name, value in entry.fields:
        form.setdefault(name, []).append(value.format(**named))
    answer = client.post(
        entry.action.format(**named),
        data=form,
        files={entry.file: ("IMG_0001.jpg", jpeg(), "image/jpeg")} if entry.file else None,
        headers={
            "outbox-entry": entry_id,
            "outbox-account": str(account),
            "outbox-clock": str(round(NOW.timestamp() * 1000)),
        },
    )
    return answer.status_code, answer.headers.get("outbox-entry", "").replace(entry_id, "echoed")


def pack_of(client: TestClient, item: RegimenItem, where: str) -> UUID:
    """Add a pack; its id."""
    pack = uuid4()
    form = {"id": str(pack), "kind": "pack", "amount": "60", "unit": "mL", "where": where}
    assert client.post(f"/regimen/{item.id}/supply", data=form).status_code == 303
    return pack


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_an_entry_of_an_earlier_release_is_accepted_and_saved(
    client: TestClient, alice: User, minoxidil: RegimenItem, rows: Rows, entry: Frozen
) -> None:
    kept = client.post(f"/days/{TODAY}/notes", data={"text": "an earlier note"})
    assert kept.status_code == 303
    (note,) = rows(Note)
    photo = add_photo(client) if "{photo}" in entry.action else uuid4()
    ids = {
        "pack": pack_of(client, minoxidil, where="here"),
        "ordered": pack_of(client, minoxidil, where="ordered"),
        "item": minoxidil.id,
        "note": note.id,
        "photo": photo,
        "new": uuid4(),
        "earlier": uuid4(),
    }

    assert post(client, entry, alice.id, ids) == (204, "echoed")
    assert entry.device in {version.device for version in rows(EntryVersion)}


def test_this_release_has_its_entries() -> None:
    project = (FOLDER.parents[2] / "pyproject.toml").read_text()

    assert f'version = "{ENTRIES[-1].release}"' in project
