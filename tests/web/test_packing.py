"""Pages are compressed for browsers that ask for it, in the thread that renders them."""

import re
from threading import current_thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.web.http import templating
from app.web.http.packing import packed

READ_AT = re.compile(r'data-read-at="[0-9]+"')
PLAIN = {"accept-encoding": "identity"}


def test_a_compressed_page_is_the_same_page(client: TestClient) -> None:
    compressed, plain = client.get("/notes"), client.get("/notes", headers=PLAIN)

    assert compressed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert READ_AT.sub("", compressed.text) == READ_AT.sub("", plain.text)
    for page in (compressed, plain):
        assert "Accept-Encoding" in page.headers["vary"]


def test_pages_are_compressed_in_a_thread_of_handlers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def noted(*given: Any) -> bytes:
        threads.append(current_thread().name)
        return packed(*given)

    monkeypatch.setattr(templating, "packed", noted)
    client.get("/")

    [thread] = threads
    assert thread.startswith("handler")


def test_style_sheets_are_compressed_as_well(client: TestClient) -> None:
    answer = client.get("/app.css")

    assert answer.headers["content-encoding"] == "gzip"
