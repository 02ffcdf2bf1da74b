"""Write the notes, check-ins, counts and measurements of a file, one at a time.

Each goes through the service that a page uses too, so the same rules hold. An entry is all or
nothing: a later file changes it as a whole, unless the person changed it by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from sqlmodel import Session

from app.domain.life_events import BLOOD_TEST, MOST_DAYS_AHEAD
from app.domain.logical_dates import instant_of
from app.domain.measurements import WeightUnit, mistake_in
from app.domain.quantities import format_number
from app.domain.shedding import MOST_HAIRS, MOST_RUNS
from app.domain.symptoms import CHECK_IN_SCALES, SEVERITY, SYMPTOMS, Scale
from app.errors import Refused
from app.i18n import _
from app.interchange.imported_log import (
    ImportedCheckIn,
    ImportedCount,
    ImportedEntry,
    ImportedMeasurement,
    ImportedNote,
    Refusal,
)
from app.interchange.writer.batches import decided_by_batch
from app.interchange.writer.merging import Verdict
from app.interchange.writer.report import ImportReport
from app.interchange.writer.statements import Statements
from app.models import EntryVersion, ImportedRow, NoteKind, User
from app.models.shedding_count import shedding_count_id
from app.records import CHECK_IN, MEASUREMENT, NOTE, SHEDDING_COUNT, SYMPTOM_REPORT, Record
from app.services.check_ins import record_measure, record_symptom
from app.services.history import Decision, current_version, lock_user, plain, record_row
from app.services.shedding import record_count

ONE_TICK = timedelta(microseconds=1)
LARGEST_SCORE = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its subject in the history, its values in the file, and how to save them."""

    subject: str
    stated: dict[str, Any]
    save: Callable[[Decision], object]


Save = Callable[[ImportedEntry, Entry, Verdict, EntryVersion | None], None]


def _save_nothing(*_given: object) -> None:
    """A dry run saves nothing."""


class EntryWriter:
    """Writes the entries of one file for one person; the caller commits."""

    def __init__(self, session: Session, user: User, statements: Statements, now: datetime) -> None:
        self.session = session
        self.user = user
        self.statements = statements
        self.now = now

    def write(self, entries: Sequence[ImportedEntry], report: ImportReport) -> None:
        """Write a few entries, and count the results."""
        lock_user(self.session, self.user.id)
        self.statements.begin()
        self.decide(entries, report, self._save)
        self.statements.write()

    def decide(
        self, entries: Sequence[ImportedEntry], report: ImportReport, save: Save = _save_nothing
    ) -> None:
        """Count what would happen to a few entries. Writes nothing, unless `save` does."""
        for imported in entries:
            try:
                self._check_day(imported)
                entry = self._entry(imported)
            except Refused as error:
                report.refusals.append(Refusal(imported.line, str(error)))
                continue
            verdict, standing = self._judge(imported, entry)
            report.entries += verdict is Verdict.NEW
            report.count([verdict])
            save(imported, entry, verdict, standing)

    def _save(
        self,
        imported: ImportedEntry,
        entry: Entry,
        verdict: Verdict,
        standing: EntryVersion | None,
    ) -> None:
        if verdict in {Verdict.NEW, Verdict.CHANGED}:
            user = self.user
            begins = instant_of(imported.on, user.day_starts_time, user.zone, user.day_starts_time)
            changed_at = min(begins, self.now)
            if standing is not None:
                changed_at = max(changed_at, standing.changed_at + ONE_TICK)
            about = f"entry {imported.key}"
            entry.save(decided_by_batch(self.statements.batch, about, self.now, changed_at))
        if verdict is not Verdict.UNCHANGED:
            self.statements.add(imported.key, entry.stated, imported.on)

    def _check_day(self, imported: ImportedEntry) -> None:
        is_planned = isinstance(imported, ImportedNote) and imported.label == BLOOD_TEST
        ahead = timedelta(days=MOST_DAYS_AHEAD if is_planned else 1)
        if imported.on > self.user.today(self.now) + ahead:
            raise Refused(_("This day is in the future."), "on")

    def _judge(self, imported: ImportedEntry, entry: Entry) -> tuple[Verdict, EntryVersion | None]:
        """Compare an entry with the previous file and with the current state."""
        batch = self.statements.batch
        row = self.session.get(ImportedRow, (self.user.id, batch.source, imported.key))
        versions = self.session.exec(EntryVersion.of_subject(self.user.id, entry.subject))
        standing = current_version(versions)
        if row is not None and (row.stated == entry.stated or self.statements.is_superseded(row)):
            return Verdict.UNCHANGED, standing
        if standing is None:
            return Verdict.NEW, None
        if standing.state is not None and entry.stated.items() <= standing.state.items():
            return Verdict.UNCHANGED, standing
        is_by_hand = standing.device != batch.source
        return (Verdict.KEPT if is_by_hand else Verdict.CHANGED), standing

    def _entry(self, imported: ImportedEntry) -> Entry:
        if isinstance(imported, ImportedNote):
            return self._note(imported)
        if isinstance(imported, ImportedCheckIn):
            return self._check_in(imported)
        if isinstance(imported, ImportedCount):
            return self._count(imported)
        return self._measurement(imported)

    def _note(self, note: ImportedNote) -> Entry:
        kind = NoteKind.EVENT if note.label else NoteKind.NOTE
        said = {"on": note.on, "kind": kind, "label": note.label, "text": note.text}
        return self._row(NOTE, note.key, said)

    def _check_in(self, answer: ImportedCheckIn) -> Entry:
        session, user, on, slug = self.session, self.user, answer.on, answer.question
        scale = None if slug == "note" else _scale_of(slug)
        _check_lengths(CHECK_IN, {"note": answer.value} if scale is None else {})
        if scale is not None and answer.value not in scale.values:
            raise _out_of_range(slug, scale.lowest, scale.highest)
        if scale is not SEVERITY:
            return Entry(
                CHECK_IN.subject({"on": on, "field": slug}),
                {"value": answer.value},
                lambda decision: record_measure(session, user, on, slug, answer.value, decision),
            )
        report = SYMPTOM_REPORT.row(on=on, symptom=slug, severity=int(answer.value))
        return Entry(
            SYMPTOM_REPORT.subject({"on": on, "symptom": slug}),
            {"severity": report.severity},
            lambda decision: record_symptom(session, user, report, decision),
        )

    def _count(self, reading: ImportedCount) -> Entry:
        low, high = (1, LARGEST_SCORE) if reading.method.is_score else (0, MOST_HAIRS)
        if not low <= reading.value <= high or not 1 <= reading.run <= MOST_RUNS:
            raise _out_of_range(reading.method.value, low, high)
        named = "score" if reading.method.is_score else "hairs"
        said = {named: reading.value}
        count = SHEDDING_COUNT.row(on=reading.on, method=reading.method, run=reading.run, **said)
        row_id = shedding_count_id(self.user.id, reading.on, reading.method, reading.run)
        return Entry(
            SHEDDING_COUNT.subject({"id": row_id}),
            said,
            lambda decision: record_count(self.session, self.user, count, decision),
        )

    def _measurement(self, reading: ImportedMeasurement) -> Entry:
        mistake = mistake_in(reading.values, WeightUnit.KG)
        if mistake is not None:
            raise Refused(mistake[1], mistake[0])
        said = {
            "on": reading.on,
            "measured_at": reading.at,
            **asdict(reading.values),
            "note": reading.note,
        }
        return self._row(MEASUREMENT, reading.key, said, time_zone=self.user.time_zone)

    def _row(self, record: Record[Any], key: str, said: Mapping[str, Any], **more: Any) -> Entry:
        """Make an entry that is one row, with an id of its own."""
        _check_lengths(record, said)
        row_id = uuid5(self.user.id, f"{self.statements.batch.source} {key}")
        row = record.row(id=row_id, **said, **more)
        return Entry(
            record.subject({"id": row_id}),
            plain(dict(said)),
            lambda decision: record_row(self.session, decision, record, row),
        )


def _check_lengths(record: Record[Any], said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        most = getattr(record.rows.c[name].type, "length", None)
        if isinstance(value, str) and most is not None and len(value) > most:
            sentence = _("It has a text longer than {most} characters.", most=format_number(most))
            raise Refused(sentence, name)


def _out_of_range(name: str, low: int, high: int) -> Refused:
    sentence = _("{name} must be between {low} and {high}.", name=name, low=low, high=high)
    return Refused(sentence, "value")


def _scale_of(question: str) -> Scale:
    """The scale of a measure or symptom of the check-in."""
    if question in CHECK_IN_SCALES:
        return CHECK_IN_SCALES[question]
    if question in SYMPTOMS:
        return SEVERITY
    raise Refused(_('The check-in has no question named "{name}".', name=question), "question")
