"""What phones and editors do to a file before it arrives."""

from datetime import datetime

import pytest
from sqlmodel import Session

from app.errors import Refused
from app.interchange.importers.instants import Unreadable, read_instant
from app.models import RegimenItem, User
from tests.services.importers.test_health_auto_export import HEADER, TAKEN, bring_in, ledger_of
from tests.support.databases import Rows

NARROW, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"

WRITTEN = {
    f"2024-09-21 7:57:00{NARROW}am +1000": "2024-09-21T07:57:00+10:00",
    f"2024-09-21 7:57:00{HARD}AM +1000": "2024-09-21T07:57:00+10:00",
    "2024-09-21 4:51:59 pm +1000": "2024-09-21T16:51:59+10:00",
    f"2024-09-21 4:51:59{HARD}p.{HARD}m. +1000": "2024-09-21T16:51:59+10:00",
    "2024-09-21 4:51:59 P.M. +10:00": "2024-09-21T16:51:59+10:00",
    "2024-09-21 12:00:00 am +1000": "2024-09-21T00:00:00+10:00",
    "2024-09-21 12:10:00 pm +1000": "2024-09-21T12:10:00+10:00",
    "2024-09-21 下午4:51:59 +0800": "2024-09-21T16:51:59+08:00",
    "2024-09-21 오후 4:51:59 +0900": "2024-09-21T16:51:59+09:00",
    "٢٠٢٤-٠٩-٢١ ٧:٥٧:٠٠ ص +٠٣٠٠": "2024-09-21T07:57:00+03:00",  # noqa: RUF001
    "२०२४-०९-२१ ४:५१:५९ pm +०५३०": "2024-09-21T16:51:59+05:30",
    "۱۴۰۳-۰۶-۳۱ ۱۶:۵۱:۵۹ +۰۳۳۰": "2024-09-21T16:51:59+03:30",  # noqa: RUF001
    "2567-09-21 16:51:59 +0700": "2024-09-21T16:51:59+07:00",
    "0006-09-21 16:51:59 +0900": "2024-09-21T16:51:59+09:00",
    "5784-13-18 16:51:59 +0300": "2024-09-21T16:51:59+03:00",
    "\u200f2024-09-21 16:51:59\u200f +0300": "2024-09-21T16:51:59+03:00",
    "2024-09-21 16:51:59 \N{MINUS SIGN}0400": "2024-09-21T16:51:59-04:00",
    "2024-09-21T16:51:59Z": "2024-09-21T16:51:59+00:00",
    "2024-09-21 16:51:59 UTC": "2024-09-21T16:51:59+00:00",
    "2024-09-21 4:51:59 pm GMT+2": "2024-09-21T16:51:59+02:00",
    "2024-09-21 16.51.59 +0200": "2024-09-21T16:51:59+02:00",
}


@pytest.mark.parametrize(("text", "meant"), WRITTEN.items())
def test_a_date_is_read_as_the_phone_meant_it(text: str, meant: str) -> None:
    assert read_instant(text) == datetime.fromisoformat(meant)
    assert read_instant(text).utcoffset() == datetime.fromisoformat(meant).utcoffset()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1446-03-18 08:00:00 +0300", "set the phone to the Gregorian calendar"),
        ("2024-09-21 13:05:00 am +1000", "not a date and time"),
        ("2024-09-21 7:57:00 xm +1000", "not a date and time"),
        ("2024-09-21 7:57:00 am", "has no offset"),
        ("5/10/24 8:05 AM +0200", "not a date and time"),
    ],
)
def test_a_date_that_cannot_be_read_is_refused_with_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read_instant(text)


def test_the_file_of_a_phone_with_a_12_hour_clock_comes_in(session: Session, alice: User) -> None:
    twelve = TAKEN.replace("08:38:00", f"8:38:00{NARROW}am").replace("08:00:00", "8:00:00 AM")

    outcome = bring_in(session, alice, HEADER + twelve)

    assert (outcome.taken, outcome.refused) == (1, 0)
    assert [each.minutes_off for each in ledger_of(session, alice)] == [38]


FILE = HEADER + TAKEN.replace(",1.0,1.0,", ",1.5,1.0,")
SHAPES = {
    "semicolons": FILE.replace(",", ";").replace("1.5", "1,5").encode(),
    "tabs": FILE.replace(",", "\t").encode(),
    "bars": FILE.replace(",", "|").encode(),
    "sep line": b"sep=;\r\n" + FILE.replace(",", ";").encode(),
    "byte order mark": FILE.encode("utf-8-sig"),
    "utf-16": FILE.encode("utf-16"),
    "utf-16 without a mark": FILE.encode("utf-16-le"),
    "crlf": FILE.replace("\n", "\r\n").encode(),
    "cr": FILE.replace("\n", "\r").encode(),
    "windows": FILE.replace("Iron,Iron", "Iron,Fer à cheval").encode("cp1252"),
    "trailing commas": FILE.replace("\n", ",,\n").encode(),
    "trailing comma in the rows only": (HEADER + TAKEN.replace("\n", ",\n")).encode(),
    "last empty cells cut": (HEADER + TAKEN.replace(",No,\n", "\n")).encode(),
    "blank lines": ("\n\n" + FILE.replace("\n", "\n\n")).encode(),
    "quoted": "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in FILE.splitlines()
    ).encode(),
}


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_separators_and_encodings_are_recognised(
    session: Session, alice: User, content: bytes
) -> None:
    outcome = bring_in(session, alice, content)

    assert (outcome.taken, outcome.refused) == (1, 0)


AMOUNTS = {"\u0661\u066b\u0665": 1.5, "\uff12": 2, "1,5": 1.5}


@pytest.mark.parametrize(("written", "amount"), AMOUNTS.items())
def test_an_amount_is_read_in_the_digits_of_the_phone(
    session: Session, alice: User, written: str, amount: float
) -> None:
    bring_in(session, alice, HEADER + TAKEN.replace(",1.0,1.0,", f',"{written}",1.0,'))

    assert [each.amount for each in ledger_of(session, alice)] == [amount]


def test_less_than_nothing_is_not_a_dose(session: Session, alice: User) -> None:
    outcome = bring_in(session, alice, HEADER + TAKEN.replace(",1.0,1.0,", ",-1,1.0,"))

    assert [each.reason for each in outcome.refusals] == ["-1 is below zero."]


OTHER_FILES = {
    "json": (b' {"data": {"medications": []}}', "This file is JSON, not CSV. Export it as CSV"),
    "list": (b"[]", "JSON"),
    "xml": (b"<?xml version='1.0'?><HealthData/>", "XML or HTML"),
    "zip": (b"PK\x03\x04....", "ZIP archive or an Excel workbook"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "another table": (b"date;mood\n2026-10-05;3\n", "lacks the columns Scheduled Date, Medication"),
}


@pytest.mark.parametrize(("content", "sentence"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_another_kind_of_file_is_named_with_what_to_do(
    session: Session, alice: User, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        bring_in(session, alice, content)


RXNORM = (
    "ascorbic acid 60 MG / biotin 5 MG / calcium pantothenate 10 MG / cholecalciferol 0.01 MG / "
    "folic acid 0.4 MG / zinc sulfate 15 MG Oral Capsule"
)
NAMES = {
    "a nickname": (f"{RXNORM} [Hair Mix],My hair vitamin", "My hair vitamin"),
    "a brand": (f"{RXNORM} [Hair Mix],", "Hair Mix"),
    "parts": (
        f"{RXNORM},",
        "ascorbic acid 60 MG / biotin 5 MG / calcium pantothenate 10 MG + 3 more",
    ),
    "one long word": (f"{'x' * 300},", f"{'x' * 79}…"),
    "a long nickname": (f"Mix,{'very ' * 40}good", f"{('very ' * 16)[:79].rstrip()}…"),
}


@pytest.mark.parametrize(("names", "shown"), NAMES.values(), ids=NAMES)
def test_a_long_name_is_only_an_identity(
    session: Session, alice: User, names: str, shown: str
) -> None:
    file = HEADER + TAKEN.replace("Iron,Iron", names)

    outcome = bring_in(session, alice, file)
    again = bring_in(session, alice, file + TAKEN.replace("Iron,Iron", names).replace("-05", "-06"))

    assert (outcome.items, outcome.taken) == ([shown], 1)
    assert (again.items, again.taken) == ([], 1)


def test_two_long_names_that_begin_alike_are_two_items(
    session: Session, alice: User, rows: Rows
) -> None:
    other = RXNORM.replace("zinc sulfate 15 MG", "zinc sulfate 30 MG")
    lines = TAKEN.replace("Iron,Iron", f"{RXNORM},") + TAKEN.replace("Iron,Iron", f"{other},")

    bring_in(session, alice, HEADER + lines)

    assert len(rows(RegimenItem)) == 2


UNITS = {
    "puff": "puff",
    "Milligrams": "mg",
    "suppositories": "suppositories",
    "Capsules": "capsule",
}


@pytest.mark.parametrize(("written", "kept"), UNITS.items())
def test_any_unit_comes_in(session: Session, alice: User, written: str, kept: str) -> None:
    outcome = bring_in(session, alice, HEADER + TAKEN.replace("count", written))

    assert outcome.refused == 0
    (line,) = ledger_of(session, alice)
    assert line.unit == kept
