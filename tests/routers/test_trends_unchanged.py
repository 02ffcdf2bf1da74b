"""Whatever a person changes, the trends are those of a program that kept nothing."""

import os
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import cycle, islice
from random import Random
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.domain.shedding import CountMethod
from app.domain.timing import DoseTime, TimingKind
from app.errors import Refused
from app.models import Hint, Note, NoteKind, RegimenItem, Theme, TrackedSymptom, User, VitaminUnit
from app.models.shedding_count import shedding_count_id
from app.records import MEASUREMENT, NOTE, PAUSE, SHEDDING_COUNT, SYMPTOM_REPORT
from app.services.asked_questions import AskedQuestion, save_questions
from app.services.check_ins import record_measure, record_symptom
from app.services.dosages import DosageInput, change_dosage
from app.services.dose_input import Answer, DoseInput
from app.services.history import Decision
from app.services.items import (
    ItemEdit,
    ItemInput,
    add_item,
    edit_item,
    move_item,
    remove_item,
    restart_item,
    stop_item,
)
from app.services.measurements import record_measurement
from app.services.notes import save_note
from app.services.pauses import save_pause
from app.services.preferences import SettingsInput, close_hint, save_settings
from app.services.shedding import record_count
from tests.support.caches import forget_everything
from tests.support.clients import SignInAs
from tests.support.clock import Clock
from tests.support.regimens import log_dose

# A few changes at every run, more of them where there is time.
CHANGES = int(os.environ.get("CHANGES", "40"))
READ_AT = re.compile(r'data-read-at="[0-9]+"')
SPANS = ("/all", "/all", "/all", "/year", "/3-months", "", "/2026-W40")
PLANS = (TimingKind.DAILY, TimingKind.EVERY_DAYS, TimingKind.AS_NEEDED)


class Life:
    """A person who changes something, at random."""

    def __init__(self, session: Session, user: User, clock: Clock) -> None:
        self.session, self.user, self.clock, self.random = session, user, clock, Random("trends")

    @property
    def today(self) -> date:
        return self.user.today(self.clock.now)

    def decided(self) -> Decision:
        now = self.clock.now
        return Decision(self.user.id, uuid4(), changed_at=now, received_at=now)

    def day(self) -> date:
        """A day of the year, or as often one of the last three weeks."""
        return self.today - timedelta(days=self.random.randint(0, self.random.choice((21, 350))))

    def item(self) -> RegimenItem:
        return self.random.choice(self.session.exec(RegimenItem.owned_by(self.user.id)).all())

    def dosage(self) -> DosageInput:
        kind = self.random.choice(PLANS)
        if kind is TimingKind.AS_NEEDED:
            return DosageInput(unit="mg", kind=kind, usual_amount=1)
        times = (DoseTime(self.random.choice((time(1), time(8), time(22))), 2),)
        return DosageInput(unit="mg", kind=kind, times=times, every_days=2)


def log(life: Life) -> None:
    """An answer to a slot, or a dose without one."""
    answer = life.random.choice((Answer.TAKEN, Answer.SKIPPED, Answer.NOTHING))
    at = life.random.choice((None, time(8), time(21), time(22)))
    dose = DoseInput(due_on=life.day(), due_time=at, status=answer, on_time=True)
    log_dose(life.session, life.user, life.item(), dose, life.decided())


def answer_a_scale(life: Life) -> None:
    value = life.random.choice((None, 1, 5))
    record_measure(life.session, life.user, life.day(), "mood", value, life.decided())


def answer_a_symptom(life: Life) -> None:
    symptom = life.random.choice(("headache", "gi_upset", "dizziness"))
    severity = life.random.randint(0, 4)
    suspect = life.random.choice((None, life.item().id))
    report = SYMPTOM_REPORT.row(
        on=life.day(), symptom=symptom, severity=severity, regimen_item_id=suspect
    )
    record_symptom(life.session, life.user, report, life.decided())


def count_hairs(life: Life) -> None:
    on, method = life.day(), life.random.choice((CountMethod.WASH, CountMethod.SIXTY_SECOND))
    count = SHEDDING_COUNT.row(
        id=shedding_count_id(life.user.id, on, method, 1),
        on=on,
        method=method,
        run=1,
        hairs=life.random.randint(0, 200),
    )
    record_count(life.session, life.user, count, life.decided())


def weigh(life: Life) -> None:
    weight = MEASUREMENT.row(
        id=uuid4(), on=life.day(), time_zone="Europe/Berlin", weight_kg=life.random.randint(50, 90)
    )
    record_measurement(life.session, life.user, weight, life.decided())


def note_an_event(life: Life) -> None:
    note: Note = NOTE.row(
        id=uuid4(), on=life.day(), kind=NoteKind.EVENT, label="illness", text=f"{life.random}"
    )
    save_note(life.session, life.user, note, life.decided())


def add(life: Life) -> None:
    item = ItemInput(name=f"Item {uuid4()}", starts_on=life.day(), dosage=life.dosage())
    add_item(life.session, life.user, item, life.decided())


def rename(life: Life) -> None:
    edit_item(life.session, life.item(), ItemEdit(name=f"New {uuid4()}"), life.decided())


def stop(life: Life) -> None:
    stop_item(life.session, life.item(), life.day(), "", life.decided())


def restart(life: Life) -> None:
    restart_item(life.session, life.user, life.item(), life.today, life.decided())


def remove(life: Life) -> None:
    remove_item(life.session, life.user, life.item(), life.decided())


def reorder(life: Life) -> None:
    is_up = life.random.choice((True, False))
    move_item(life.session, life.user, life.item(), up=is_up, decision=life.decided())


def pause(life: Life) -> None:
    first = life.day()
    ends_on = life.random.choice((None, first + timedelta(days=9)))
    row = PAUSE.row(id=uuid4(), regimen_item_id=life.item().id, starts_on=first, ends_on=ends_on)
    save_pause(life.session, life.user, row, life.decided())


def change_the_dose(life: Life) -> None:
    change_dosage(life.session, life.item(), life.dosage(), life.day(), life.decided())


def choose_settings(life: Life) -> None:
    chosen = life.random.choice(
        (
            SettingsInput(language="de"),
            SettingsInput(language="en"),
            SettingsInput(day_starts_time=life.random.choice((time(3), time(6), time(9)))),
            SettingsInput(time_zone=life.random.choice(("Asia/Tokyo", "America/Lima"))),
            SettingsInput(theme=life.random.choice(list(Theme))),
            SettingsInput(vitamin_unit=life.random.choice(list(VitaminUnit))),
            SettingsInput(is_discreet=life.random.choice((True, False))),
            SettingsInput(first_weekday=life.random.choice((1, 7))),
            SettingsInput(name=f"Alice {uuid4()}"),
        )
    )
    save_settings(life.session, life.user, chosen, life.decided())


def dismiss_a_hint(life: Life) -> None:
    close_hint(life.session, life.user, life.random.choice(list(Hint)), life.decided())


def ask_otherwise(life: Life) -> None:
    rows = life.session.exec(TrackedSymptom.of_user(life.user.id)).all()
    questions = [
        AskedQuestion(slug=each.slug, name=each.name, is_asked=life.random.choice((True, False)))
        for each in life.random.sample(rows, len(rows))
    ]
    save_questions(life.session, life.user, questions, life.decided())


def let_time_pass(life: Life) -> None:
    life.clock.advance(hours=life.random.choice((1, 5, 24, 24 * 15)))


DEEDS: tuple[Callable[[Life], None], ...] = (
    *(log, log, log, answer_a_scale, answer_a_symptom, count_hairs, weigh, note_an_event),
    *(add, rename, stop, restart, remove, reorder, pause, change_the_dose),
    *(choose_settings, dismiss_a_hint, ask_otherwise, let_time_pass),
)


def looked_at(client: TestClient, span: str) -> str:
    page = client.get(f"/trends{span}")
    assert page.status_code == 200
    return READ_AT.sub("", page.text)


@pytest.mark.slow
def test_after_any_change_the_page_equals_one_made_without_a_cache(
    session: Session, alices_year: User, sign_in_as: SignInAs, clock: Clock
) -> None:
    client = sign_in_as(alices_year)
    life = Life(session, alices_year, clock)
    seen = set()
    for deed in islice(cycle(DEEDS), CHANGES):
        span = life.random.choice(SPANS)
        clock.advance(minutes=1)
        try:
            deed(life)
            session.commit()
        except Refused:
            session.rollback()
        session.expire_all()
        kept = looked_at(client, span)
        assert looked_at(client, span) == kept
        forget_everything()
        assert looked_at(client, span) == kept, deed.__name__
        seen.add(kept)
    assert len(seen) > CHANGES / 2
