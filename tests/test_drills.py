"""The drills know the app they are let loose on; `make drills` runs them."""

from pathlib import Path

from scripts.drills.routes import all_asked

READS_NOTHING = {"destroy_sign_in", "send_test_reminder", "share_photo"}


def test_the_fuzz_knows_the_fields_of_every_form(tmp_path: Path) -> None:
    posted = [route for route in all_asked(tmp_path) if route.method == "POST"]
    assert {route.name for route in posted if not route.fields} == READS_NOTHING


def test_the_fuzz_knows_every_part_of_every_address(tmp_path: Path) -> None:
    for route in all_asked(tmp_path):
        assert {*route.pattern.groupindex} == route.parts.keys()
