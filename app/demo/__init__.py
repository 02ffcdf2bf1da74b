"""Fill an account with a believable year for visitors, the same for the same day.

The regimen and today are made and changed through the services, as a person would. The days before
are inserted in bulk, with the columns that `record_dose` writes, because a year of single writes
takes a minute.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlmodel import Session

from app.demo import story as story
from app.demo.days import Day, make_days
from app.demo.measurements import measurement_rows
from app.demo.shedding import shedding_rows
from app.diary.regimen import Item, load_regimen
from app.domain.applications import Application
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import instant_of, iso_week, zone_named
from app.domain.measurements import MeasurementKind
from app.domain.timing import Slot
from app.models import (
    CheckIn,
    DoseEvent,
    Hint,
    Measurement,
    Note,
    NoteKind,
    RegimenItem,
    SheddingCount,
    SkipReason,
    SymptomReport,
    TrackedSymptom,
    User,
    slot_event_id,
)
from app.models.check_in import check_in_id, symptom_report_id
from app.records import APART_RULE, MEDICINE, PAUSE, SUPPLY, SYMPTOM_REPORT
from app.services.check_ins import record_measure, record_symptom
from app.services.dosages import change_dosage
from app.services.dose_events import record_dose
from app.services.dose_input import Answer, DoseInput
from app.services.history import Decision
from app.services.items import add_item, stop_item
from app.services.medicines import save_medicine, save_rule
from app.services.pauses import save_pause
from app.services.supply import save_supply
from app.services.versions import bump_regimen_version

SEED = "Strand"
ASKED = ("gi_upset", "headache", "mood", "energy", "sleep")
CHANCES = ((0.945, "taken"), (0.962, "skipped"), (1.0, "missed"))
REASONS = (SkipReason.FORGOT, SkipReason.FORGOT, SkipReason.SIDE_EFFECT, SkipReason.OTHER)


def make_demo_year(session: Session, user: User, now: datetime) -> None:
    """Make the year that ends now. The account is new; the caller commits."""
    today = user.today(now)
    user.began_on = today - timedelta(days=story.YEAR)
    user.preferences.currency = "€"
    user.created_at = min(user.created_at, now - timedelta(days=story.YEAR))
    session.add(user)
    session.flush()
    items = _make_regimen(session, user, today)
    days = make_days(Random(f"{SEED} days"), today)
    diary = _Diary(user, today, now, items)
    by_id = load_regimen(session, user.id).by_id
    _insert(session, DoseEvent, _dose_rows(diary, by_id, days))
    _insert(session, CheckIn, _check_in_rows(diary, days))
    _insert(session, SymptomReport, _symptom_rows(diary, days))
    _insert(session, Note, _note_rows(diary))
    _insert(session, Measurement, measurement_rows(user, today, diary.instant, diary.zone_on))
    _insert(session, SheddingCount, shedding_rows(user.id, today, diary.instant))
    session.add_all(
        TrackedSymptom(user_id=user.id, slug=slug, position=position)
        for position, slug in enumerate(ASKED)
    )
    _buy(session, diary, by_id)
    _live_today(session, diary, by_id)
    user.preferences.hints_seen = tuple(each.value for each in Hint)
    user.preferences.measures_on = tuple(MeasurementKind)
    session.add(user)
    bump_regimen_version(session, user)
    session.flush()


@dataclass(frozen=True, slots=True)
class _Diary:
    """The person of the demo, and the last day of their year."""

    user: User
    today: date
    now: datetime
    items: Mapping[str, RegimenItem]

    def days_ago(self, on: date) -> int:
        return (self.today - on).days

    def zone_on(self, on: date) -> str:
        return story.AWAY_IN if story.AWAY.covers(self.days_ago(on)) else self.user.time_zone

    def instant(self, on: date, at: time) -> datetime:
        return instant_of(on, at, zone_named(self.zone_on(on)), self.user.day_starts_time)

    def decision(self, name: str, changed_at: datetime) -> Decision:
        return Decision(
            user_id=self.user.id,
            entry_id=uuid5(self.user.id, f"demo {name}"),
            changed_at=changed_at,
            received_at=self.now,
        )


def _make_regimen(session: Session, user: User, today: date) -> dict[str, RegimenItem]:
    items: dict[str, RegimenItem] = {}
    for key, item in story.story_items(today).items():
        added_on = max(item.starts_on, user.began_on)
        added_at = _morning_of(user, added_on)
        decision = _decided(user, f"{key} added", added_at)
        items[key] = add_item(session, user, item, decision, uuid5(user.id, f"demo {key}"))
    raised_on = today - timedelta(days=story.DOSE_RAISED)
    raised_at = instant_of(raised_on, time(7, 30), user.zone, user.day_starts_time)
    decision = _decided(user, "raised dose", raised_at)
    change_dosage(session, items["magnesium"], story.RAISED_DOSE, raised_on, decision)
    for key, (ended, reason) in story.STOPPED.items():
        ended_on = today - timedelta(days=ended)
        decision = _decided(user, f"{key} stopped", _morning_of(user, ended_on))
        stop_item(session, items[key], ended_on, reason, decision)
    for key, (first, last, note) in story.PAUSED.items():
        starts_on = today - timedelta(days=first)
        ends_on = None if last is None else today - timedelta(days=last)
        pause = PAUSE.row(
            id=uuid5(user.id, f"demo {key} pause"),
            regimen_item_id=items[key].id,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note,
        )
        decision = _decided(user, f"{key} paused", _morning_of(user, starts_on))
        save_pause(session, user, pause, decision)
    for key, medicine in story.OTHER_MEDICINES.items():
        decision = _decided(user, f"{key} entered", _morning_of(user, user.began_on))
        row = MEDICINE.row(id=uuid5(user.id, f"demo {key}"), **medicine)
        save_medicine(session, user, row, decision)
    for key, (one, other, hours, note) in story.OWN_RULES.items():
        rule = APART_RULE.row(id=uuid5(user.id, f"demo {key}"), hours=hours, note=note)
        decision = _decided(user, f"{key} entered", _morning_of(user, raised_on))
        save_rule(session, user, rule, (items[one].id, items[other].id), decision)
    return items


def _morning_of(user: User, on: date) -> datetime:
    return instant_of(on, time(7), user.zone, user.day_starts_time)


def _decided(user: User, name: str, at: datetime) -> Decision:
    """Return a decision that was logged at once."""
    return Decision(user.id, uuid5(user.id, f"demo {name}"), changed_at=at, received_at=at)


def _dose_rows(
    diary: _Diary, by_id: Mapping[UUID, Item], days: Mapping[date, Day]
) -> Iterator[dict[str, Any]]:
    rng = Random(f"{SEED} doses")
    yesterday = diary.today - timedelta(days=1)
    for key, row in diary.items.items():
        item = by_id[row.id]
        usual = item.application.columns
        for slot in item.plan.slots(diary.user.began_on, yesterday):
            if not item.plan.is_paused(slot.on):
                yield from _slot_rows(diary, rng, key, slot, usual)
    for on, day in days.items():
        yield from _free_doses(diary, by_id, day, on)


def _slot_rows(
    diary: _Diary, rng: Random, key: str, slot: Slot, usual: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    chance, days_ago = rng.random(), diary.days_ago(slot.on)
    outcome = next(word for most, word in CHANCES if chance < most)
    if story.is_bad_weekend(slot.on, diary.today):
        return
    left_out = next((each for each in story.LEFT_OUT if each.covers(key, days_ago)), None)
    if left_out is not None:
        yield _skipped(diary, slot, left_out.reason, left_out.note)
    elif outcome == "taken":
        yield {**_taken(diary, rng, slot), **usual}
    elif outcome == "skipped":
        reason = SkipReason.TRAVEL if story.AWAY.covers(days_ago) else rng.choice(REASONS)
        yield _skipped(diary, slot, reason)


def _taken(diary: _Diary, rng: Random, slot: Slot) -> dict[str, Any]:
    due_at = diary.instant(slot.on, slot.at)
    occurred_at = due_at + timedelta(minutes=_minutes_off(rng))
    logged_at = occurred_at + timedelta(seconds=rng.randint(2, 40))
    if rng.random() < 0.025 and due_at + timedelta(days=2) < diary.now:
        occurred_at, logged_at = due_at, due_at + timedelta(hours=rng.randint(25, 44))
    is_half = slot.unit == "mg" and slot.amount >= 1000 and rng.random() < 0.02
    amount = slot.amount / 2 if is_half else slot.amount
    return {
        **_slot_row(diary, slot),
        "status": DoseStatus.TAKEN,
        "occurred_at": occurred_at,
        "logged_at": min(logged_at, diary.now),
        "amount": amount,
        "note": "Half, the stomach was off" if is_half else "",
    }


def _minutes_off(rng: Random) -> int:
    """Return a few minutes after the hour, now and then hours, as people do."""
    if rng.random() < 0.05:
        return rng.randint(100, 330)
    return max(-45, round(rng.gauss(9, 16)))


def _skipped(diary: _Diary, slot: Slot, reason: SkipReason, note: str = "") -> dict[str, Any]:
    at = diary.instant(slot.on, slot.at) + timedelta(minutes=20)
    return {
        **_slot_row(diary, slot),
        "status": DoseStatus.SKIPPED,
        "occurred_at": at,
        "logged_at": min(at, diary.now),
        "reason": reason.value,
        "note": note,
    }


def _slot_row(diary: _Diary, slot: Slot) -> dict[str, Any]:
    return {
        "id": slot_event_id(slot.regimen_item_id, slot.on, slot.at),
        "user_id": diary.user.id,
        "regimen_item_id": slot.regimen_item_id,
        "due_on": slot.on,
        "due_time": slot.at,
        "iso_week": iso_week(slot.on),
        "time_zone": diary.zone_on(slot.on),
        "amount": slot.amount,
        "unit": slot.unit,
        "reason": None,
        "note": "",
        "day_starts_time": diary.user.day_starts_time,
        **Application().columns,
    }


def _free_doses(
    diary: _Diary, by_id: Mapping[UUID, Item], day: Day, on: date
) -> Iterator[dict[str, Any]]:
    """Doses without a slot: washes, something for a headache, an extra one by mistake."""
    for dose in day.doses:
        occurred_at = diary.instant(on, dose.at)
        yield {
            "id": uuid5(diary.user.id, f"demo {dose.item} {on} {dose.at}"),
            "user_id": diary.user.id,
            "regimen_item_id": diary.items[dose.item].id,
            "due_on": on,
            "due_time": None,
            "iso_week": iso_week(on),
            "status": DoseStatus.TAKEN,
            "occurred_at": occurred_at,
            "logged_at": occurred_at + timedelta(seconds=20),
            "time_zone": diary.zone_on(on),
            "amount": dose.amount,
            "unit": dose.unit,
            "reason": None,
            "note": dose.note,
            "day_starts_time": diary.user.day_starts_time,
            **by_id[diary.items[dose.item].id].application.columns,
        }


def _check_in_rows(diary: _Diary, days: Mapping[date, Day]) -> Iterator[dict[str, Any]]:
    for on, day in days.items():
        if day.mood is not None:
            yield {
                "id": check_in_id(diary.user.id, on),
                **_day_row(diary, on),
                "mood": day.mood,
                "energy": day.energy,
                "sleep": day.sleep,
                "note": day.note,
            }


def _symptom_rows(diary: _Diary, days: Mapping[date, Day]) -> Iterator[dict[str, Any]]:
    magnesium = diary.items["magnesium"]
    for on, day in days.items():
        for symptom, severity in day.symptoms.items():
            is_suspect = severity >= 2 and magnesium.starts_on <= on and day.is_suspicious
            yield {
                "id": symptom_report_id(diary.user.id, on, symptom),
                **_day_row(diary, on),
                "symptom": symptom,
                "severity": severity,
                "interference": severity - 1 if severity else None,
                "regimen_item_id": magnesium.id if is_suspect else None,
                "note": "",
            }


def _day_row(diary: _Diary, on: date) -> dict[str, Any]:
    return {
        "user_id": diary.user.id,
        "on": on,
        "iso_week": iso_week(on),
        "logged_at": diary.instant(on, time(21, 40)),
    }


def _note_rows(diary: _Diary) -> Iterator[dict[str, Any]]:
    weekend = story.bad_saturday(diary.today)
    told = [
        (diary.today - timedelta(days=ago), kind, label, text)
        for ago, kind, label, text in story.NOTES
    ]
    told.append((weekend + timedelta(days=2), NoteKind.NOTE, "", story.AFTER_THE_BAD_WEEKEND))
    for number, (on, kind, label, text) in enumerate(told):
        yield {
            "id": uuid5(diary.user.id, f"demo note {number}"),
            **_day_row(diary, min(on, diary.today - timedelta(days=1))),
            "on": on,
            "iso_week": iso_week(on),
            "kind": kind,
            "label": label,
            "text": text,
        }


def _buy(session: Session, diary: _Diary, by_id: Mapping[UUID, Item]) -> None:
    """Enter packs and counts on the evening of their days."""
    user = diary.user
    for number, bought in enumerate(story.SUPPLIES):
        came = None if bought.came is None else diary.today - timedelta(days=bought.came)
        ordered = None if bought.ordered is None else diary.today - timedelta(days=bought.ordered)
        entry = SUPPLY.row(
            id=uuid5(user.id, f"demo supply {number}"),
            regimen_item_id=diary.items[bought.item].id,
            kind=bought.kind,
            on=came,
            packs=bought.packs,
            amount=bought.amount,
            unit=bought.unit,
            price=bought.price,
            ordered_on=ordered,
            use_by=came and bought.best_for and came + timedelta(days=bought.best_for),
            note=bought.note,
        )
        decision = _decided(user, f"supply {number}", _evening_of(user, came or ordered))
        save_supply(session, user, by_id[entry.regimen_item_id], entry, decision)


def _evening_of(user: User, on: date | None) -> datetime:
    assert on is not None, "neither bought nor ordered"
    return instant_of(on, time(23), user.zone, user.day_starts_time)


def _live_today(session: Session, diary: _Diary, by_id: Mapping[UUID, Item]) -> None:
    """This morning's doses are taken and the evening's are open; the check-in is begun."""
    user, today = diary.user, diary.today
    for row in diary.items.values():
        item = by_id[row.id]
        for slot in item.plan.slots(today, today):
            tapped_at = diary.instant(today, slot.at) + timedelta(minutes=6)
            if slot.at < time(12) and tapped_at <= diary.now and not item.plan.is_paused(today):
                dose = DoseInput(due_on=today, due_time=slot.at, status=Answer.TAKEN)
                decision = diary.decision(f"{slot.regimen_item_id} {slot.at}", tapped_at)
                record_dose(session, user, item, dose, decision)
    answered_at = diary.now.astimezone(UTC) - timedelta(seconds=90)
    decision = diary.decision("check-in", answered_at)
    record_measure(session, user, today, "mood", 4, decision)
    upset = SYMPTOM_REPORT.row(on=today, symptom="gi_upset", severity=0)
    record_symptom(session, user, upset, decision)


def _insert(session: Session, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    session.execute(insert(table), list(rows))
