"""Find the slot that replaced one that a stale page still shows.

A stale page, or an outbox that is sent late, may answer a slot whose time was corrected or changed
since. The answer belongs to the slot that replaced it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.diary.regimen import Item
from app.domain.logical_dates import time_order
from app.domain.slot_matching import matched_slots
from app.models import DoseEvent, EntryVersion, User, dose_subject, slot_event_id
from app.services.answer_moves import answers_of, stored_slots
from app.services.regimen_writes import plan_subject, planned_from


def time_of_slot(session: Session, user: User, item: Item, on: date, at: time) -> time:
    """Return the current time of the slot that was due at `at` on a day.

    Returns `at` itself if the slot still exists, was answered, or was not replaced.
    """
    dosage = item.dosage_on(on)
    if dosage is not None and any(each.at == at for each in dosage.timing.times_on(on)):
        return at
    is_stored = any(slot.due_time == at for slot in stored_slots(session, item.id, on, on))
    if is_stored or session.get(DoseEvent, slot_event_id(item.id, on, at)) is not None:
        return at
    its_answer = _where_its_answer_is(session, user, item, on, at)
    return its_answer or _in_its_place(session, user, item, on, at) or at


def _where_its_answer_is(
    session: Session, user: User, item: Item, on: date, at: time
) -> time | None:
    """Return the time to which the slot's answer moved, along with its decision (`move_event`)."""
    entries = _answering_entries(session, user, item, on, at)
    if not entries:
        return None
    found = [
        event.due_time
        for event in answers_of(session, item.id, on, on)
        if event.due_time is not None
        and entries & _answering_entries(session, user, item, on, event.due_time)
    ]
    # Restoring a deleted item decides all its answers by one entry, so that tells nothing.
    return found[0] if len(found) == 1 else None


def _answering_entries(session: Session, user: User, item: Item, on: date, at: time) -> set[UUID]:
    subject = dose_subject(slot_event_id(item.id, on, at), item.id, on, at)
    versions = session.exec(EntryVersion.of_subject(user.id, subject))
    return {version.entry_id for version in versions if version.state is not None}


def _in_its_place(session: Session, user: User, item: Item, on: date, at: time) -> time | None:
    """Return the time that replaced `at` since the last plan that had it; None if there is none."""
    versions = session.exec(EntryVersion.of_subject(user.id, plan_subject(item.id)))
    plans = [
        _times_on(version.state, on, user.day_starts_time)
        for version in versions
        if version.state is not None
    ]
    had_it = [place for place, times in enumerate(plans) if at in times]
    if not had_it:
        return None
    by_now: time | None = at
    for before, after in pairwise(plans[had_it[-1] :]):
        by_now = matched_slots(before, after, before).get(by_now) if by_now else None
    return by_now


def _times_on(plan: Mapping[str, Any], on: date, day_starts: time) -> Sequence[time]:
    """List the times of a plan from the history on a day, in order of the day."""
    times = {
        each.at for dosage in plan["dosages"] for each in planned_from(dosage).timing.times_on(on)
    }
    return sorted(times, key=lambda each: time_order(each, day_starts))
