"""Read the rows of Apple Health's medications, as Health Auto Export writes them to CSV.

    Date,Scheduled Date,Medication,Nickname,Dosage,Scheduled Dosage,Unit,Status,Archived,Codings

Columns are found by their names, so their order is free and more of them do no harm. A row
that cannot be understood is refused with its line and a reason, and the others are taken.
"""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.quantities import LARGEST_AMOUNT, MOST_DECIMALS, UNITS, parse_number
from app.errors import Refused
from app.services.importers.outcome import Refusal

NEEDED = ("date", "scheduled date", "medication", "dosage", "status")
# What says which fact a row is; a nickname or an archived medicine may change later.
IDENTIFYING = (
    "date",
    "scheduled date",
    "medication",
    "dosage",
    "scheduled dosage",
    "unit",
    "status",
)
FIRST_YEAR = 1950
WIDEST_OFFSET = timedelta(hours=14)
LONGEST_NAME = 80
LONGEST_UNIT = 12
OTHER_UNITS = {
    "": "count",
    "mcg": "ug",
    # What "µg" folds to.
    "\N{GREEK SMALL LETTER MU}g": "ug",
    "capsules": "capsule",
    "tablets": "tablet",
    "drops": "drop",
    "sprays": "spray",
}
UNITS_BY_NAME = {slug.casefold(): slug for slug in UNITS} | OTHER_UNITS
SPACE_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d|Z$)")


class Status(StrEnum):
    """What the person did, in Apple's words."""

    TAKEN = "taken"
    SKIPPED = "skipped"
    NOT_INTERACTED = "not interacted"


@dataclass(frozen=True, slots=True)
class MedicationRow:
    """One row, understood. Both instants keep the wall clock that the row was written by."""

    line: int
    source_key: str
    at: datetime
    scheduled_at: datetime | None
    medication: str
    name: str
    amount: float | None
    scheduled_amount: float | None
    unit: str
    status: Status


def read_rows(content: bytes, now: datetime) -> Iterator[MedicationRow | Refusal]:
    """The rows of a file in its order; raises `Refused` where it is no such file at all."""
    seen: Counter[str] = Counter()
    header: list[str] | None = None
    for line, cells in _records(content):
        if header is None:
            header = _checked_header(cells)
        elif any(cell.strip() for cell in cells):
            yield _row(line, header, cells, seen, now)
    if header is None:
        raise Refused("This file is empty.", "file")


def _records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every record with the line it begins on."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("This file is not text in UTF-8.", "file") from error
    if "\x00" in text:
        raise Refused("This file is not text.", "file")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            sentence = f"This is no readable CSV file: a quotation mark is wrong in line {line}."
            raise Refused(sentence, "file") from error
        if cells is None:
            return
        yield line, cells


def _checked_header(cells: list[str]) -> list[str]:
    header = [" ".join(cell.casefold().split()) for cell in cells]
    missing = [name.title() for name in NEEDED if name not in header]
    if missing:
        raise Refused(
            "This is no list of medications from Health Auto Export: "
            f"the columns {', '.join(missing)} are missing.",
            "file",
        )
    return header


def _row(
    line: int, header: list[str], cells: list[str], seen: Counter[str], now: datetime
) -> MedicationRow | Refusal:
    if len(cells) != len(header):
        return Refusal(line, f"It has {len(cells)} fields, and {len(header)} are needed.")
    values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    fact = json.dumps([values.get(name, "") for name in IDENTIFYING], ensure_ascii=False)
    key = hashlib.sha256(fact.encode()).hexdigest()
    try:
        row = _understood(line, f"{key}-{seen[key]}", values, now)
    except ValueError as error:
        return Refusal(line, str(error))
    seen[key] += 1
    return row


def _understood(
    line: int, source_key: str, values: Mapping[str, str], now: datetime
) -> MedicationRow:
    status = _status(values["status"])
    scheduled_at = _instant(values["scheduled date"]) if values["scheduled date"] else None
    if status is Status.NOT_INTERACTED and scheduled_at is None:
        raise ValueError("It has neither an answer nor a scheduled date.")
    is_unanswered = status is Status.NOT_INTERACTED and not values["date"]
    at = scheduled_at if is_unanswered and scheduled_at else _instant(values["date"])
    if at > now:
        raise ValueError("Its date lies in the future.")
    if scheduled_at is not None and scheduled_at > now + timedelta(days=1):
        raise ValueError("Its scheduled date lies in the future.")
    medication = " ".join((values["medication"] or values.get("nickname", "")).split())
    name = " ".join((values.get("nickname", "") or medication).split())
    if not name:
        raise ValueError("It has no name of a medication.")
    if max(len(medication), len(name)) > LONGEST_NAME:
        raise ValueError(f"Its name is longer than {LONGEST_NAME} characters.")
    amount = _amount(values["dosage"])
    if status is Status.TAKEN and amount == 0:
        raise ValueError("A dose of 0 cannot have been taken.")
    return MedicationRow(
        line=line,
        source_key=source_key,
        at=at,
        scheduled_at=scheduled_at,
        medication=medication,
        name=name,
        amount=amount or None,
        scheduled_amount=_amount(values.get("scheduled dosage", "")) or None,
        unit=_unit(values.get("unit", "")),
        status=status,
    )


def _status(text: str) -> Status:
    try:
        return Status(" ".join(text.casefold().replace("_", " ").split()))
    except ValueError as error:
        raise ValueError(f'The status "{_short(text)}" is not known.') from error


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(SPACE_BEFORE_OFFSET.sub("", text))
    except ValueError as error:
        raise ValueError(f'"{_short(text)}" is no date and time.') from error
    offset = instant.utcoffset()
    if offset is None:
        raise ValueError(f'"{_short(text)}" has no offset such as +0100.')
    if abs(offset) > WIDEST_OFFSET or offset.total_seconds() % 60:
        raise ValueError(f'"{_short(text)}" has an offset that no place on earth uses.')
    if not FIRST_YEAR <= instant.year < 9999:
        raise ValueError(f'"{_short(text)}" lies before {FIRST_YEAR}, or too far ahead.')
    return instant


def _amount(text: str) -> float | None:
    if not text:
        return None
    try:
        number = parse_number(text)
    except ValueError as error:
        raise ValueError(f'"{_short(text)}" is no number.') from error
    if number > LARGEST_AMOUNT:
        raise ValueError(f"{_short(text)} is more than a dose can be.")
    return round(number, MOST_DECIMALS)


def _unit(text: str) -> str:
    unit = UNITS_BY_NAME.get(text.casefold(), text)
    if len(unit) > LONGEST_UNIT:
        raise ValueError(f'The unit "{_short(text)}" is not known.')
    return unit


def _short(text: str) -> str:
    """What a row says, short enough for a sentence, without line ends."""
    words = " ".join(text.split())
    return words if len(words) <= 40 else f"{words[:39]}…"
