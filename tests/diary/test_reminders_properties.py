"""Whatever is scheduled, answered and snoozed, a routine is called for on time and never too often.

The worker looks every ten seconds, except in gaps. The calls are compared with the schedule, the
answers and the snoozes that the test itself keeps.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import writing
from app.domain.day_parts import part_of
from app.domain.logical_dates import instant_of
from app.domain.reminders import AGAIN_AFTER, AGAIN_TIMES, PARTS, PartReminder, QuietHours
from app.models import RegimenItem, ReminderClock, User
from app.services.dose_input import Answer
from app.services.preferences import SettingsInput, save_part_reminder, save_settings
from app.services.reminders import claim_calls, look_again, snooze
from tests.support.people import make_user
from tests.support.regimens import add, daily, decided, log_dose, taken

RUNS = int(os.environ.get("DIARIES", "8"))
LOOKS_EVERY = timedelta(seconds=10)
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
AN_HOUR, A_MINUTE = timedelta(hours=1), timedelta(minutes=1)
# Ordinary days, and the nights in which these zones change their clocks.
DAYS = {
    "Europe/Berlin": (date(2026, 11, 24), date(2026, 10, 24), date(2027, 3, 27)),
    "America/New_York": (date(2026, 11, 24), date(2026, 10, 31), date(2027, 3, 13)),
    "Australia/Lord_Howe": (date(2026, 10, 3), date(2027, 4, 3)),
    "Asia/Tokyo": (date(2026, 11, 24),),
}
CLOCKS = "01:30 02:30 06:00 08:00 08:05 11:50 13:00 21:00 21:40 22:50 23:59"
TIMES = [time.fromisoformat(each) for each in CLOCKS.split()]
QUIET = ((), ("22:30", "07:00"), ("22:30", "02:30"), ("12:00", "14:00"), ("21:10", "21:50"))
Slot = tuple[UUID, date, time]


@dataclass(frozen=True)
class Deed:
    """What a person does so many seconds after the first day began."""

    after: int
    what: str
    number: int
    minutes: int


@dataclass(frozen=True)
class Story:
    """A regimen, the settings, and what happens on two days."""

    zone: str
    on: date
    schedules: Sequence[Sequence[time]]
    reminders: Sequence[PartReminder]
    quiet: Sequence[str]
    deeds: Sequence[Deed]
    # Seconds after the beginning, and how long the worker is off.
    gaps: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Call:
    """One call, as it was told: `slots` are its doses."""

    at: datetime
    on: date
    part: str
    slots: frozenset[Slot]


@dataclass
class Told:
    """What happened, in order."""

    zone: ZoneInfo
    quiet: Sequence[str]
    calls: list[Call] = field(default_factory=list)
    answers: dict[Slot, list[tuple[datetime, bool]]] = field(default_factory=dict)
    snoozes: list[tuple[datetime, date, str, datetime]] = field(default_factory=list)

    def is_answered(self, slot: Slot, at: datetime) -> bool:
        said = [is_answer for when, is_answer in self.answers.get(slot, ()) if when <= at]
        return said[-1] if said else False

    def is_quiet(self, at: datetime) -> bool:
        if not self.quiet:
            return False
        begins, ends = map(time.fromisoformat, self.quiet)
        clock = at.astimezone(self.zone).time()
        return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends

    def snoozed_until(self, on: date, part: str, at: datetime) -> datetime:
        """When the last snooze that was set by an instant ends."""
        ends = [until for when, *of, until in self.snoozes if when <= at and of == [on, part]]
        return ends[-1] if ends else NEVER

    def first_allowed(self, on: date, part: str, at: datetime) -> datetime:
        """The first instant from `at` on that is neither quiet nor snoozed."""
        while True:
            wanted = max(at, self.snoozed_until(on, part, at + LOOKS_EVERY))
            while self.is_quiet(wanted):
                wanted = wanted.replace(second=0, microsecond=0) + A_MINUTE
            if wanted == at:
                return at
            at = wanted


@st.composite
def stories(draw: DrawFn) -> Story:
    zone = draw(st.sampled_from(sorted(DAYS)))
    schedule = st.lists(st.sampled_from(TIMES), min_size=1, max_size=4, unique=True)
    reminder = st.builds(
        PartReminder,
        part=st.sampled_from(PARTS),
        is_on=st.sampled_from((True, True, True, False)),
        at=st.sampled_from((None, None, None, time(7, 30), time(21, 15))),
        again_after=st.sampled_from(AGAIN_AFTER),
        again_times=st.sampled_from(AGAIN_TIMES),
    )
    # Most deeds follow the time of a dose: at random instants few of them would matter.
    soon_after = st.builds(
        lambda day, at, late: day * 86_400 + (at.hour - 3) % 24 * 3_600 + at.minute * 60 + late,
        st.integers(0, 1),
        st.sampled_from(TIMES),
        st.integers(-600, 3_600),
    )
    deed = st.builds(
        Deed,
        after=soon_after | soon_after | st.integers(0, 48 * 3_600),
        what=st.sampled_from(("answer",) * 4 + ("open", "snooze", "snooze", "change")),
        number=st.integers(0, 100),
        minutes=st.sampled_from((10, 30, 60, 300)),
    )
    gap = st.tuples(st.integers(0, 48 * 3_600), st.sampled_from((300, 2_400, 4 * 3_600)))
    return Story(
        zone=zone,
        on=draw(st.sampled_from(DAYS[zone])),
        schedules=draw(st.lists(schedule, min_size=1, max_size=3)),
        reminders=draw(st.lists(reminder, max_size=4, unique_by=lambda each: each.part)),
        quiet=draw(st.sampled_from(QUIET)),
        deeds=draw(st.lists(deed, max_size=24)),
        gaps=draw(st.lists(gap, max_size=2)),
    )


@dataclass
class Play:
    """A story that is played on a database, look by look."""

    session: Session
    user: User
    story: Story
    items: Sequence[RegimenItem]
    told: Told
    reached: datetime = NEVER

    @property
    def begins(self) -> datetime:
        """When the first day begins."""
        return self.user.day_turns_at(self.story.on - timedelta(days=1))

    def slots(self, on: date) -> list[Slot]:
        """The doses of a day."""
        return [
            (item.id, on, at)
            for item, times in zip(self.items, self.story.schedules, strict=True)
            for at in times
        ]

    def planned_at(self, slot: Slot) -> tuple[PartReminder, datetime]:
        """How and when a dose is called for first, by its schedule."""
        _item, on, at = slot
        starts = self.user.day_starts_time
        chosen = {each.part: each for each in self.story.reminders}
        part = part_of(at, starts)
        reminder = chosen.get(part, PartReminder(part))
        instant = instant_of(on, reminder.at or at, self.told.zone, starts)
        return reminder, min(instant, self.user.day_turns_at(on) - A_MINUTE)

    def play(self) -> None:
        """Do every deed, and look every ten seconds meanwhile if the clock has run down."""
        for number, deed in enumerate(sorted(self.story.deeds, key=lambda each: each.after)):
            at = self.begins + timedelta(seconds=max(deed.after, 0), milliseconds=1 + number)
            self.look_until(at)
            self.do(deed, at)
            self.session.commit()
            self.reached = at
        self.look_until(self.user.day_turns_at(self.story.on + timedelta(days=1)))

    def look_until(self, end: datetime) -> None:
        """Look at each instant of the worker before `end` at which the clock has run down."""
        while (at := self.next_look()) < end:
            self.look(at)

    def next_look(self) -> datetime:
        clock = self.session.get_one(ReminderClock, self.user.id)
        self.session.refresh(clock)
        since = max(clock.next_at, self.reached, self.begins) - self.begins
        at = self.begins + -(-since // LOOKS_EVERY) * LOOKS_EVERY
        while self.is_off(at, at):
            at += LOOKS_EVERY
        return at

    def is_off(self, first: datetime, last: datetime) -> bool:
        """Whether the worker is off at some time between two instants."""
        offs = [(self.begins + timedelta(seconds=at), length) for at, length in self.story.gaps]
        return any(at <= last and first < at + timedelta(seconds=each) for at, each in offs)

    def look(self, now: datetime) -> None:
        """Look once, as the worker does."""
        self.reached = now
        clock = self.session.get_one(ReminderClock, self.user.id)
        claim = claim_calls(self.session, clock, now)
        self.session.commit()
        assert claim is not None
        on = self.user.today(now)
        for call in (*claim.look.now, *claim.look.missed):
            slots = frozenset((dose.item.id, on, dose.row.at or time()) for dose in call.doses)
            self.told.calls.append(Call(now, on, call.part, slots))
        # The worker looks again until nobody is due: the clock has to be ahead.
        assert claim.look.next_at > now

    def do(self, deed: Deed, at: datetime) -> None:
        """Do what a person does, to a dose of that day or to its part."""
        on = self.user.today(at)
        slots = self.slots(on)
        slot = slots[deed.number % len(slots)]
        [item] = [each for each in self.items if each.id == slot[0]]
        made = decided(self.user, now=at)
        if deed.what == "answer":
            log_dose(self.session, self.user, item, taken(on, slot[2]), made)
            self.told.answers.setdefault(slot, []).append((at, True))
        elif deed.what == "open":
            nothing = taken(on, slot[2]).model_copy(update={"status": Answer.NOTHING})
            log_dose(self.session, self.user, item, nothing, made)
            self.told.answers.setdefault(slot, []).append((at, False))
        elif deed.what == "snooze":
            until = at + timedelta(minutes=deed.minutes)
            part = part_of(slot[2], self.user.day_starts_time)
            snooze(self.session, self.user, on, part, until, at)
            self.told.snoozes.append((at, on, part, until))
        else:
            # Two processes may look at the same instant.
            for _look in range(0 if self.is_off(at, at) else 2):
                look_again(self.session, self.user.id)
                self.session.commit()
                self.look(at)


def play(session: Session, story: Story) -> Play:
    """Play a story with a new person."""
    user = make_user(f"Alice {uuid4()}", story.zone)
    session.add(user)
    session.commit()
    items = [
        add(session, user, f"Item {number}", daily(*((at, 1) for at in times)))
        for number, times in enumerate(story.schedules)
    ]
    played = Play(session, user, story, items, Told(ZoneInfo(story.zone), story.quiet))
    made = decided(user, now=played.begins)
    save_settings(session, user, SettingsInput(reminds=True, quiet_hours=tuple(story.quiet)), made)
    for reminder in story.reminders:
        save_part_reminder(session, user, reminder, decided(user, now=played.begins))
    session.commit()
    played.play()
    return played


def assert_no_call_is_unwanted(played: Play) -> None:
    """Nothing answered, quiet, snoozed or not due yet is called for, and nothing too often."""
    told = played.told
    for call in told.calls:
        planned = {slot: played.planned_at(slot) for slot in call.slots}
        assert planned, call
        assert not [slot for slot in planned if told.is_answered(slot, call.at)], call
        assert all(how.is_on and how.part == call.part for how, _at in planned.values()), call
        assert all(at <= call.at for _how, at in planned.values()), call
        assert not told.is_quiet(call.at), call
        assert told.snoozed_until(call.on, call.part, call.at) <= call.at, call
    assert len({(call.on, call.part, call.at) for call in told.calls}) == len(told.calls)
    for (on, part), calls in Counter((call.on, call.part) for call in told.calls).items():
        planned_all = [played.planned_at(slot) for slot in played.slots(on)]
        [how] = {how.again_times for how, _at in planned_all if how.part == part}
        sets = {at for how_of, at in planned_all if how_of.part == part}
        snoozes = [each for each in told.snoozes if each[1:3] == (on, part)]
        assert calls <= (1 + how) * (len(sets) + len(snoozes)), (on, part)


def missing(played: Play) -> Iterator[tuple[Slot, datetime]]:
    """Yield the doses that stayed open and were not called for within ten seconds."""
    told, story = played.told, played.story
    for slot in [*played.slots(story.on), *played.slots(story.on + timedelta(days=1))]:
        how, planned = played.planned_at(slot)
        on = slot[1]
        wanted = told.first_allowed(on, how.part, planned)
        latest = wanted + LOOKS_EVERY
        if quiet_end_is_skipped(told, wanted):
            latest += AN_HOUR
        is_changed = any(planned <= at <= latest for at, _answer in told.answers.get(slot, ()))
        is_snoozed = any(planned < at <= latest for at, *_of in told.snoozes)
        is_over = latest >= played.user.day_turns_at(on)
        if not how.is_on or is_changed or is_snoozed or is_over or played.is_off(planned, latest):
            continue
        if told.is_answered(slot, planned):
            continue
        if not any(wanted <= call.at <= latest and slot in call.slots for call in told.calls):
            yield slot, wanted


def quiet_end_is_skipped(told: Told, at: datetime) -> bool:
    """Whether quiet hours end at a time that does not exist on this day; they last longer then."""
    if not told.quiet:
        return False
    on, ends = at.astimezone(told.zone).date(), time.fromisoformat(told.quiet[1])
    local = datetime.combine(on, ends, tzinfo=told.zone)
    return local.astimezone(UTC).astimezone(told.zone).time() != ends


@settings(
    max_examples=RUNS,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=stories())
def test_open_doses_are_called_for_on_time_and_nothing_else_ever_is(
    engine: Engine, story: Story
) -> None:
    with writing(engine) as session:
        played = play(session, story)

        assert_no_call_is_unwanted(played)
        assert list(missing(played)) == []


def test_quiet_hours_hold_an_hour_that_comes_twice() -> None:
    """In Berlin 02:15 comes twice on 25 October 2026, an hour apart."""
    quiet, zone = QuietHours(time(22, 30), time(2, 30)), ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    quarter = timedelta(minutes=15)

    assert quiet.after(first, zone) == first + quarter
    assert quiet.after(first + 2 * quarter, zone) == first + 2 * quarter
    assert quiet.after(first + AN_HOUR, zone) == first + AN_HOUR + quarter
