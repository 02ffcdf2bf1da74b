"""An entry is called saved at a time after its commit: a page read before that lacks it."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from app.models import RegimenItem
from app.web.http.templating import microseconds
from tests.routers.pages import TODAY, as_entry
from tests.support.clock import Clock


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/regimen/{item}/doses", {"status": "taken", "due_on": TODAY, "due_time": "08:00"}),
        (f"/days/{TODAY}/check-in", {"mood": "4"}),
        ("/settings/preferences", {"theme": "dark"}),
    ],
)
def test_an_entry_is_saved_after_its_commit(
    client: TestClient,
    engine: Engine,
    clock: Clock,
    minoxidil: RegimenItem,
    address: str,
    fields: dict[str, str],
) -> None:
    committed: list[int] = []

    def note(_connection: object) -> None:
        clock.advance(seconds=1)
        committed.append(microseconds(clock.now))

    event.listen(engine, "commit", note)
    address = address.format(item=minoxidil.id)
    answer = client.post(address, data=fields, headers=as_entry(uuid4()))
    event.remove(engine, "commit", note)

    assert answer.status_code == 204, answer.text
    assert int(answer.headers["strand-saved-at"]) >= committed[-1]
