"""Pages are compressed for browsers that ask for it, in the thread that renders them."""

import gzip
import re
from random import Random
from threading import current_thread
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from starlette.datastructures import MutableHeaders

from app.web.http import packing, templating
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


def test_any_parts_make_one_stream_and_large_ones_are_compressed_once() -> None:
    random, large = Random("parts"), [f"{number}ü" * 5_000 for number in range(5)]
    small = ["", "a", "<p>", "ß" * 900]
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]})
    packing._blocks.clear()

    for _page in range(50):
        parts = ["x" * 1_000, *random.choices(large + small, k=random.randint(0, 9))]
        body = packed(request, iter(parts), MutableHeaders())
        assert gzip.decompress(body).decode() == "".join(parts)
    assert len(packing._blocks._values) == len(large)


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
