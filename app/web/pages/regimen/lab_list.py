"""The list for the lab and the doctor: the items of a day, and what matters for tests."""

from dataclasses import dataclass
from datetime import date

from app.diary import Diary
from app.diary.regimen import Item
from app.domain.catalogue import LabNote, Source
from app.domain.lab_list import lab_notes_on
from app.i18n import _
from app.language import words
from app.language.dosage_words import dosage_words
from app.models import Medicine
from app.web.pages.regimen.medicines import times_words


@dataclass(frozen=True, slots=True)
class LabLine:
    """An item: its dose that day, since when, and what a lab should know about it."""

    name: str
    dose: str
    since: str
    notes: tuple[LabNote, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LabList:
    """The items to mention, and the other items taken."""

    on: date
    told: tuple[LabLine, ...]
    others: tuple[LabLine, ...]


def lab_list(diary: Diary, on: date) -> LabList:
    """List the items of a day, and items stopped shortly before that may still matter."""
    lines = [_line(diary, item, on) for item in diary.regimen.items]
    medicines = [
        _medicine(diary, each)
        for each in diary.session.exec(Medicine.owned_by(diary.owner.id))
        if each.is_taken_on(on)
    ]
    return LabList(
        on=on,
        told=tuple(line for line in lines if line is not None and line.notes),
        others=(*(line for line in lines if line is not None and not line.notes), *medicines),
    )


def _line(diary: Diary, item: Item, on: date) -> LabLine | None:
    notes = lab_notes_on(item.catalogue_entries, item.plan, on)
    if not notes and not item.is_current(on):
        return None
    sources = dict.fromkeys(source for note in notes for source in note.sources)
    return LabLine(
        name=item.name,
        dose=_dose(diary, item, on),
        since=_since(diary, item, on),
        notes=notes,
        sources=tuple(sources),
    )


def _dose(diary: Diary, item: Item, on: date) -> str:
    """Return the dose of that day, or the last one."""
    dosage = item.dosage_on_or_before(on)
    return dosage_words(item, dosage, diary.owner) if dosage else ""


def _since(diary: Diary, item: Item, on: date) -> str:
    """Since 3 Aug 2025, this dose since 26 Oct; 3 Aug to 12 Oct."""
    first = words.dated(item.starts_on, diary.today)
    if item.ends_on is not None and item.ends_on < on:
        last = words.dated(item.ends_on, diary.today)
        return _("from {first}, last on {last}", first=first, last=last)
    since = _("since {day}", day=first)
    dosage = item.dosage_on(on)
    if dosage is not None and dosage.timing.starts_on > item.starts_on:
        changed = words.dated(dosage.timing.starts_on, diary.today)
        since = _("{since}, this dose since {day}", since=since, day=changed)
    pause = item.pause_on(on)
    if pause is not None:
        held = words.dated(pause.starts_on, diary.today)
        since = _("{since}, on hold since {day}", since=since, day=held)
    return since


def _medicine(diary: Diary, medicine: Medicine) -> LabLine:
    day = words.dated(medicine.starts_on, diary.today) if medicine.starts_on else ""
    times = times_words(medicine)
    return LabLine(
        name=medicine.name,
        dose=", ".join(part for part in (medicine.note, times) if part),
        since=_("since {day}", day=day) if day else "",
        notes=(),
        sources=(),
    )
