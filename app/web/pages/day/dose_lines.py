"""One dose as a line of a day, and as its sheet."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from app.diary.agenda import AgendaDose
from app.diary.regimen import Item
from app.diary.waiting_periods import WaitingPeriod
from app.domain.applications import Application, asked_of
from app.domain.ledger import DoseStatus, Event, Row, Standing
from app.domain.quantities import format_amount, plain_number, typed_number, unit_word
from app.i18n import _
from app.language import words
from app.language.application_words import (
    application_words,
    shut_out_sentence,
    shut_out_words,
)
from app.language.dosage_words import amounts_of, dose_words, notice_words
from app.language.dose_standing_words import when_words
from app.web.http.visit import Visit


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One dose of the day. `when_text` is its state at a glance: taken 07:52, due now."""

    subject: str
    dose: AgendaDose
    amount_text: str
    planned_text: str
    notice_name: str
    amounts: str
    when_text: str
    due_at: str | None
    is_editable: bool
    is_planned: bool
    day_starts: str
    url: str
    action: str
    waits_text: str
    low_text: str = ""

    @property
    def item(self) -> Item:
        """The item of the dose."""
        return self.dose.item

    @property
    def row(self) -> Row:
        """Its line of the ledger."""
        return self.dose.row

    @property
    def is_late(self) -> bool:
        """Whether it is waiting, and its time is past."""
        return self.dose.is_late

    @property
    def is_open(self) -> bool:
        """Whether it was due and has no answer."""
        return self.dose.is_open

    @property
    def dry_at(self) -> datetime | None:
        """When the applied product is dry."""
        return self.dose.dry_at

    @property
    def shut_out(self) -> WaitingPeriod | None:
        """The waiting period that covers its time."""
        return self.dose.waiting_period

    @property
    def status(self) -> str:
        """The standing, for `data-status`."""
        return self.row.standing.value

    @property
    def label(self) -> str:
        """Its name on the page: Minoxidil, 1 mL. Notices use `notice_name` and an amount."""
        return f"{self.item.name}, {self.amount_text}" if self.amount_text else self.item.name

    @property
    def on(self) -> date:
        """The logical day that it counts for."""
        return self.row.on

    @property
    def due_time(self) -> str:
        """The slot's time; empty without a slot."""
        return "" if self.row.at is None else words.clock(self.row.at)

    @property
    def event_id(self) -> UUID | None:
        """The event's own id, if no slot names it."""
        return self.row.event.id if self.row.event and self.row.at is None else None

    @property
    def instruction(self) -> str:
        """What to remember while it is still open: with food."""
        return (
            words.translated(self.item.instruction) if self.row.standing is Standing.WAITING else ""
        )

    @property
    def asked(self) -> frozenset[str]:
        """The details of application that its sheet asks for."""
        return asked_of(self.item.route, self.row.unit)

    @property
    def application(self) -> Application:
        """Where and how it was applied, or is usually applied."""
        event = self.row.event
        if event is None or event.status is DoseStatus.SKIPPED:
            return self.item.application
        return Application(event.zones, event.minutes_on, event.needle_mm)

    @property
    def applied_text(self) -> str:
        """Crown and temples, 5 min on; "" for a skipped dose."""
        is_skipped = self.row.standing is Standing.SKIPPED
        return "" if is_skipped else application_words(self.application)

    @property
    def shut_out_sentence(self) -> str:
        """Why it waits, and the source of that rule."""
        return shut_out_sentence(self.shut_out) if self.shut_out else ""

    @property
    def seconds_on(self) -> int:
        """How long it stays on, for the timer of an open dose."""
        minutes = self.item.application.minutes_on
        if self.row.event is not None:
            return 0
        if self.row.unit == "min":
            minutes = self.row.planned_amount
        return round((minutes or 0) * 60)

    @property
    def note(self) -> str:
        """The note of the event, if there is one."""
        return self.row.event.note if self.row.event else ""

    @property
    def state_text(self) -> str:
        """The standing in its sheet: Taken 21:41 · due 21:00."""
        said = words.capitalize_first(self.when_text)
        if self.row.at is None or self.row.standing is Standing.WAITING:
            return said
        if self.row.standing is Standing.BEFORE:
            return f"{self.due_time} · {self.when_text}"
        return f"{said} · {_('due {time}', time=self.due_time)}"

    @property
    def planned_plain(self) -> str:
        """The planned amount, as a hidden field posts it: the same in every language."""
        planned = self.row.planned_amount
        return "" if planned is None else plain_number(planned)

    @property
    def amount_typed(self) -> str:
        """The amount, as a text field holds it."""
        return typed_number(self.row.amount)

    @property
    def minutes_typed(self) -> str:
        """Minutes left on, as a text field holds them."""
        return typed_number(self.application.minutes_on)

    @property
    def needle_typed(self) -> str:
        """The needle's length in mm, as a text field holds it."""
        return typed_number(self.application.needle_mm)

    @property
    def unit_text(self) -> str:
        """The unit, beside a number field."""
        return unit_word(self.row.unit)

    @property
    def taken_time(self) -> str:
        """When it was taken, as a time field holds it."""
        event = self.row.event
        return (
            ""
            if event is None or not event.has_time
            else words.clock_in(event.occurred_at, event.time_zone)
        )

    @property
    def first_logged(self) -> Event | None:
        """The event of a dose taken, whose log time stays when the dose is edited."""
        is_taken = self.row.standing in {Standing.TAKEN, Standing.EXTRA}
        return self.row.event if is_taken else None

    @property
    def time_options(self) -> list[tuple[str, str, str]]:
        """The sheet's choices for the time; the first one is chosen."""
        options = [("now", _("Now"), ""), ("other", _("Other"), _("choose"))]
        if self.row.at is not None:
            options.insert(1, ("on_time", _("On time"), self.due_time))
        if self.row.event is not None:
            options[0] = ("kept", _("As logged"), self.taken_time)
        return options

    @property
    def amount_options(self) -> list[tuple[str, str, str]]:
        """The sheet's choices for the amount; the first one is chosen."""
        planned, unit = self.row.planned_amount, self.row.unit
        options = [("other", _("Other"), _("enter {unit}", unit=self.unit_text))]
        if planned is not None:
            options = [
                ("planned", _("Full"), format_amount(planned, unit)),
                ("half", _("Half"), format_amount(round(planned / 2, 4), unit)),
                ("double", _("Double"), format_amount(planned * 2, unit)),
                *options,
            ]
        if self.row.event is not None and self.row.amount not in {planned, None}:
            options.insert(0, ("kept", _("As logged"), self.amount_text))
        return options


def dose_line(visit: Visit, dose: AgendaDose, low_text: str = "") -> DoseLine:
    """Put a dose in words; `low_text` says that its supply runs low."""
    diary, item, row = visit.diary, dose.item, dose.row
    planned, period = row.planned_amount, dose.waiting_period
    return DoseLine(
        subject=subject_of(row),
        dose=dose,
        amount_text=dose_words(item, row.amount, row.unit, diary.owner),
        planned_text=dose_words(item, planned, row.unit, diary.owner),
        notice_name=notice_words(item, "", diary.owner),
        amounts=amounts_of(item, planned, row.unit, diary.owner),
        when_text=when_words(dose, diary.now),
        due_at=dose.due_at.isoformat() if dose.is_waiting and dose.due_at is not None else None,
        is_editable=diary.may_edit(row.on),
        is_planned=row.on > diary.today,
        day_starts=words.clock(diary.owner.day_starts_time),
        url=sheet_url(visit, row),
        action=visit.paths("create_dose_event", regimen_item_id=item.id),
        waits_text=shut_out_words(period, diary.owner, diary.now) if period else "",
        low_text=low_text,
    )


def subject_of(row: Row) -> str:
    """Return the subject of an entry about this dose."""
    if row.at is None and row.event is not None:
        return f"dose/{row.event.id}"
    return f"dose/{row.regimen_item_id}/{row.on}/{words.clock(row.at or time())}"


def sheet_url(visit: Visit, row: Row) -> str:
    """The address of the sheet of a dose."""
    if row.at is None and row.event is not None:
        return visit.paths("edit_dose_event", dose_event_id=row.event.id)
    return visit.paths(
        "show_dose",
        on=row.on,
        regimen_item_id=row.regimen_item_id,
        due_time=words.clock(row.at or time()),
    )
