"""A page with holes is sent as if it had been drawn at once, compressed or not."""

import gzip
from random import Random
from uuid import UUID

from app.web.http import drawn_page
from app.web.http.drawn_page import NEW_ID, READ_AT, DrawnPage

LARGE = [f"{number}ü" * 5_000 for number in range(5)]
SMALL = ["", "a", "<p>7 mg</p>\n", "ß" * 40, "1764", READ_AT, NEW_ID, f"<i>{READ_AT}</i>"]


def test_any_parts_make_one_file_and_large_ones_are_compressed_once() -> None:
    random = Random("parts")
    drawn_page._blocks.clear()

    for _page in range(100):
        page = DrawnPage(random.choices(LARGE + SMALL, k=random.randint(0, 9)))
        filling = page.filling(1764)
        assert gzip.decompress(page.compressed(filling)) == page.plain(filling)
    assert len(drawn_page._blocks._values) == len(LARGE)


def test_what_differs_each_time_goes_in_last() -> None:
    page = DrawnPage([f"<i>{READ_AT}</i><i>{NEW_ID}</i>", f"<i>{NEW_ID}</i>"])
    first, second = (page.plain(page.filling(read_at)).decode() for read_at in (7, 8))

    assert first.startswith("<i>7</i>")
    assert second.startswith("<i>8</i>")
    ids = [UUID(each.split("<")[0]) for text in (first, second) for each in text.split("<i>")[2:]]
    assert len(set(ids)) == 4


def test_an_unchanged_page_is_not_compressed_again() -> None:
    page = DrawnPage(["<p>" * 4_000, READ_AT, "</p>" * 4_000])
    page.compressed(page.filling(1))
    first = page._compressed_pieces
    drawn_page._blocks.clear()

    page.compressed(page.filling(2))
    assert page._compressed_pieces is first
    assert len(drawn_page._blocks._values) == 0
