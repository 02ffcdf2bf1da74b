"""Read a page as a person does: the values of its fields, and its errors."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import UUID, uuid4

import httpx2
from fastapi.testclient import TestClient

from app.models import RegimenItem

TODAY, YESTERDAY, TOMORROW = "2026-11-23", "2026-11-22", "2026-11-24"
BEFORE, LATER = "2026-08-31", "2026-11-25"
SCRIPT = "<script>alert(1)</script>\"'><img src=x>"
JUST_ONE_SENTENCE = r"^[A-Z0-9][^<>]*[.!?]$"

Response = httpx2.Response


@dataclass
class Page(HTMLParser):
    """The fields of a page with their values, and the sentences in its summary."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    text: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        match tag:
            case "input" if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value", ""))
            case "select":
                self._open.append(f"select {name}")
            case "option" if "selected" in given and self._open:
                self.fields.setdefault(self._open[-1].split()[1], []).append(given["value"])
            case "textarea":
                self._open.append(f"textarea {name}")
                self.fields.setdefault(name, []).append("")
            case "section" if given.get("class") == "error-summary":
                self._open.append("summary")
            case "b" if self._open and self._open[-1] == "summary":
                self._open.append("field")
            case "button":
                self.buttons.append(f"{name}={given.get('value', '')}")

    def handle_endtag(self, tag: str) -> None:
        ends = {"select": "select", "textarea": "textarea", "section": "summary", "b": "field"}
        if self._open and tag in ends and self._open[-1].split()[0] == ends[tag]:
            closed = self._open.pop()
            if tag == "textarea":  # browsers leave out a line break right at its start
                values = self.fields[closed.split()[1]]
                values[-1] = values[-1].removeprefix("\n")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] == "summary" and data.strip():
            self.errors.append(data.strip())
        elif self._open and self._open[-1].startswith("textarea "):
            self.fields[self._open[-1].split()[1]][-1] += data


def read(response: Response) -> Page:
    """A page as it arrived."""
    page = Page()
    page.feed(response.text)
    return page


def log(
    client: TestClient,
    item: RegimenItem,
    *,
    on: str = TODAY,
    at: str = "08:00",
    entry: UUID | str | None = None,
    **fields: str,
) -> Response:
    """Answer a dose from its form; with `entry` as the outbox does."""
    data = {"due_on": on, "due_time": at, "status": "taken", **fields}
    return client.post(f"/regimen/{item.id}/doses", data=data, headers=as_entry(entry))


def search(client: TestClient, address: str, **typed: str) -> Response:
    """Search for something as a form does it: posted, then shown at an address of its own."""
    response = client.post(address, data=typed)
    if response.status_code == 303:
        return client.get(response.headers["location"])
    return response


def as_entry(entry: UUID | str | None) -> dict[str, str]:
    """The header by which the outbox names its entry."""
    return {} if entry is None else {"outbox-entry": str(entry)}


def assert_can_be_repeated(client: TestClient, address: str, data: dict[str, str]) -> None:
    """The outbox sends an entry until it hears back: each time the same answer and echo."""
    entry = uuid4()
    for _attempt in range(2):
        response = client.post(address, data=data, headers=as_entry(entry))
        assert response.status_code == 204
        assert response.headers["outbox-entry"] == str(entry)
        assert response.content == b""
    assert client.post(address, data=data).status_code == 303


def assert_is_refused(
    client: TestClient, address: str, data: dict[str, str | list[str]], name: str
) -> Page:
    """The field `name` is named with one sentence, and all that was typed is still there."""
    response = client.post(address, data=data)
    page = read(response)
    assert response.status_code == 422, response.text
    assert f'href="#field-{name}"' in response.text
    assert len(page.errors) > 1
    for each, typed in data.items():
        wanted = [typed] if isinstance(typed, str) else typed
        for value in filter(None, wanted):
            assert value in page.fields.get(each, []), f"{each} has lost {value!r}"
    return page
