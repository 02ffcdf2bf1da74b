"""Read the rows of Apple Health's medications, as Health Auto Export writes them to CSV.

    Date,Scheduled Date,Medication,Nickname,Dosage,Scheduled Dosage,Unit,Status,Archived,Codings

Columns are found by name, so their order does not matter and extra ones do no harm. A row that
cannot be understood is refused with its line and a reason; the others are taken.

Status: Taken and Skipped are answers. Not Interacted, Not Logged, Snoozed, Unspecified and
Notification Not Sent leave the scheduled dose untaken.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from app.domain.quantities import LARGEST_AMOUNT, LONGEST_UNIT, MOST_DECIMALS, UNITS, parse_number
from app.errors import Refused
from app.i18n import _, ngettext
from app.interchange.imported_log import Refusal
from app.interchange.importers.instants import read_instant, shortened
from app.interchange.importers.tables import Line, read_table

NEEDED = ("date", "scheduled date", "medication", "dosage", "status")
# The values of a row; a nickname or an archived medicine may change later.
IDENTIFYING = (
    "date",
    "scheduled date",
    "medication",
    "dosage",
    "scheduled dosage",
    "unit",
    "status",
)
LONGEST_NAME = 80
# How many characters of an unreadable row are shown.
LONGEST_TEXT = 120
# Other words for the units; "µg" folds to a Greek mu.
OTHER_UNITS = {
    **{"": "count", "mcg": "ug", "\N{GREEK SMALL LETTER MU}g": "ug", "microgram": "ug"},
    **{"micrograms": "ug", "milligram": "mg", "milligrams": "mg", "gram": "g", "grams": "g"},
    **{"milliliter": "mL", "milliliters": "mL", "millilitre": "mL", "millilitres": "mL"},
    **{"tab": "tablet", "tabs": "tablet", "cap": "capsule", "caps": "capsule"},
}
UNITS_BY_NAME = {
    word.casefold(): unit.slug
    for unit in UNITS.values()
    for word in (unit.slug, unit.words.one, unit.words.many)
} | OTHER_UNITS
BRAND = re.compile(r"\[([^\[\]]+)\]\s*$")
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Status(StrEnum):
    """The person's answer to a scheduled dose."""

    TAKEN = "taken"
    SKIPPED = "skipped"
    UNTAKEN = "untaken"


# Apple's words for a dose that nobody answered; its slot stays untaken.
STATUSES: Mapping[str, Status] = MappingProxyType(
    {
        "taken": Status.TAKEN,
        "skipped": Status.SKIPPED,
        "not interacted": Status.UNTAKEN,
        "not logged": Status.UNTAKEN,
        "not taken": Status.UNTAKEN,
        "missed": Status.UNTAKEN,
        "snoozed": Status.UNTAKEN,
        "unspecified": Status.UNTAKEN,
        "unknown": Status.UNTAKEN,
        "notification not sent": Status.UNTAKEN,
    }
)


@dataclass(frozen=True, slots=True)
class MedicationRow:
    """One row, parsed. Both instants keep the wall clock of the row."""

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
    """Read the rows of a file in order; raise `Refused` if the file has another format."""
    header, lines = read_table(content, NEEDED)
    _check_header(header)
    seen: Counter[str] = Counter()
    for line in lines:
        yield _row(line, header, seen, now)


def _check_header(header: list[str]) -> None:
    missing = [name.title() for name in NEEDED if name not in header]
    if missing:
        sentence = ngettext(
            "This is not a list of medications from Health Auto Export: it lacks the column "
            "{names}. In the app, export Medications as CSV.",
            "This is not a list of medications from Health Auto Export: it lacks the columns "
            "{names}. In the app, export Medications as CSV.",
            len(missing),
            names=", ".join(missing),
        )
        raise Refused(sentence, "file")


def _row(
    line: Line, header: list[str], seen: Counter[str], now: datetime
) -> MedicationRow | Refusal:
    count, needed = len(line.cells), 1 + max(header.index(name) for name in NEEDED)
    if not needed <= count <= len(header):
        sentence = ngettext(
            "It has {count} field, and {needed} are needed.",
            "It has {count} fields, and {needed} are needed.",
            count,
            count=count,
            needed=len(header),
        )
        return _refused(line, sentence)
    values = {name: "" for name in header}
    values |= {name: cell.strip() for name, cell in zip(header, line.cells, strict=False)}
    fact = json.dumps([values.get(name, "") for name in IDENTIFYING], ensure_ascii=False)
    key = hashlib.sha256(fact.encode()).hexdigest()
    try:
        row = _understood(line.number, f"{key}-{seen[key]}", values, now)
    except ValueError as error:
        return _refused(line, str(error))
    seen[key] += 1
    return row


def _refused(line: Line, reason: str) -> Refusal:
    return Refusal(line.number, reason, shortened(",".join(line.cells), LONGEST_TEXT))


def _understood(
    line: int, source_key: str, values: Mapping[str, str], now: datetime
) -> MedicationRow:
    status = _status(values["status"])
    scheduled_at = read_instant(values["scheduled date"]) if values["scheduled date"] else None
    if status is Status.UNTAKEN and scheduled_at is None:
        raise ValueError(_("It has no answer and no scheduled date."))
    is_untaken = status is Status.UNTAKEN and scheduled_at is not None
    at = scheduled_at if is_untaken and scheduled_at else read_instant(values["date"])
    if at > now and not is_untaken:
        raise ValueError(_("Its date is in the future."))
    if scheduled_at is not None and scheduled_at > now + timedelta(days=1):
        raise ValueError(_("Its scheduled date is in the future."))
    medication, nickname = (_words(values.get(name, "")) for name in ("medication", "nickname"))
    name = shown_name(nickname or medication)
    if not name:
        raise ValueError(_("The name of the medication is missing."))
    amount = _amount(values["dosage"])
    if status is Status.TAKEN and amount == 0:
        raise ValueError(_("A dose of 0 cannot have been taken."))
    return MedicationRow(
        line=line,
        source_key=source_key,
        at=at,
        scheduled_at=scheduled_at,
        medication=medication or nickname,
        name=name,
        amount=amount or None,
        scheduled_amount=_amount(values.get("scheduled dosage", "")) or None,
        unit=_unit(values.get("unit", "")),
        status=status,
    )


def shown_name(text: str) -> str:
    """Shorten a name to 80 characters: its brand, else as many whole parts as fit.

    RxNorm writes "biotin 5 MG / zinc 15 MG / ... Oral Capsule [Brand]".
    """
    if len(text) <= LONGEST_NAME:
        return text
    brand = BRAND.search(text)
    if brand and len(brand[1]) <= LONGEST_NAME:
        return brand[1].strip()
    parts = text.split(" / ")
    for count in range(len(parts) - 1, 0, -1):
        shown = " / ".join(parts[:count])
        short = _("{parts} + {n} more", parts=shown, n=len(parts) - count)
        if len(short) <= LONGEST_NAME:
            return short
    return shortened(text, LONGEST_NAME)


def _words(text: str) -> str:
    return " ".join(text.split())


def _status(text: str) -> Status:
    words = CAPITAL.sub(" ", text) if text != text.upper() else text
    status = STATUSES.get(" ".join(words.casefold().replace("_", " ").replace("-", " ").split()))
    if not words:
        raise ValueError(_("It has no status."))
    if status is None:
        raise ValueError(_('The status "{status}" is not known.', status=shortened(text)))
    return status


def _amount(text: str) -> float | None:
    if not text:
        return None
    try:
        number = parse_number(text, decimal=".")
    except ValueError as error:
        raise ValueError(_('"{text}" is not a number.', text=shortened(text))) from error
    if number < 0:
        raise ValueError(_("{text} is below zero.", text=shortened(text)))
    if number > LARGEST_AMOUNT:
        raise ValueError(_("{text} is too large for a dose.", text=shortened(text)))
    return round(number, MOST_DECIMALS)


def _unit(text: str) -> str:
    words = _words(text)
    return UNITS_BY_NAME.get(words.casefold(), shortened(words, LONGEST_UNIT))
