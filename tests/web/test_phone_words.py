"""The phone says what the server says, in the language of its page; no sentence is in its code."""

import json
import re
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient

from app.i18n import LANGUAGES, speaking
from app.language import words
from app.language.shedding_words import days_words
from app.web.http.phone_words import MESSAGES, phone_words
from app.web.http.templating import STATIC

TESTS = Path(__file__).parents[1]
LANGUAGE_DATA: dict[str, Any] = json.loads((TESTS / "data/phone_words.json").read_text())
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TODAY = NOW.date()


def test_the_shared_file_knows_every_language() -> None:
    assert LANGUAGE_DATA.keys() == LANGUAGES.keys()


@pytest.mark.parametrize("code", LANGUAGE_DATA)
def test_the_server_and_the_phone_read_the_same_messages(code: str) -> None:
    shared = LANGUAGE_DATA[code]["words"]
    with speaking(code):
        table = phone_words()

    assert shared.keys() == table.keys()
    assert {**table, "messages": shared["messages"]} == shared
    assert shared["messages"].items() <= table["messages"].items()


@pytest.mark.parametrize("code", LANGUAGE_DATA)
def test_the_server_says_what_the_phone_says(code: str) -> None:
    data = LANGUAGE_DATA[code]
    with speaking(code):
        due = [[minutes, due_in(minutes)] for minutes, _said in data["due"]]
        remaining = [
            [
                waiting,
                missed,
                words.to_go(waiting) if waiting or not missed else words.not_logged(missed),
            ]
            for waiting, missed, _said in data["remaining"]
        ]
        days = [
            [first, last, days_words(date.fromisoformat(first), date.fromisoformat(last), TODAY)]
            for first, last, _said in data["days"]
        ]
        plural = [[n, words.counted("{n} day", "{n} days", n)] for n, _said in data["plural"]]

    assert (due, remaining, days, plural) == (
        data["due"],
        data["remaining"],
        data["days"],
        data["plural"],
    )


def due_in(minutes: float) -> str:
    """The words for a dose due that many minutes from now, on a clock in Berlin."""
    due_at = NOW + timedelta(minutes=minutes)
    return words.due_words(due_at, NOW, clock_of(due_at))


def clock_of(instant: datetime) -> time:
    """The time on a wall clock in Berlin."""
    return time.fromisoformat(words.clock_in(instant, "Europe/Berlin"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_imports_the_words_in_its_language(client: TestClient, code: str) -> None:
    client.post("/settings/preferences", data={"language": code})
    page = client.get("/").text
    [modules] = re.findall(r'<script type="importmap">(.*?)</script>', page)
    answer = client.get(json.loads(modules)["imports"]["#words"])

    with speaking(code):
        assert json.loads(answer.text.removeprefix("export default ")) == phone_words()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


def test_there_are_no_words_in_an_unknown_language(client: TestClient) -> None:
    assert client.get("/words/xx.js").status_code == 404


def test_the_worker_imports_no_words(client: TestClient) -> None:
    """A worker has no import map."""
    found, wanted = set[str](), ["/static/js/worker.js"]
    while wanted:
        path = wanted.pop()
        found.add(path)
        source = client.get(path).text
        names = re.findall(r'from "([^"]+)"', source)
        wanted += {urljoin(path, name) for name in names} - found

    assert len(found) > 3
    assert not any("words" in path for path in found)


def test_the_browser_code_asks_for_every_message_and_for_no_other() -> None:
    code = "".join(path.read_text() for path in (STATIC / "js").rglob("*.js"))

    assert [name for name in MESSAGES if f'"{name}"' not in code] == []


@pytest.mark.slow
def test_no_sentence_is_in_the_browser_code() -> None:
    command = ["node", str(TESTS / "support/sentences.mjs"), str(STATIC / "js")]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""
