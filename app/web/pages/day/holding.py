"""How long a day's page stays as it is, if nothing is logged."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from app.diary import Diary
from app.diary.agenda import Agenda, AgendaDose
from app.diary.waiting_periods import changes_of_waiting
from app.domain.timing import ON_TIME
from app.language.words import NEAR_MINUTES

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Within it, the words about a dose may count minutes.
NEAR = (NEAR_MINUTES + 1) * MINUTE
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def holds_until(diary: Diary, agenda: Agenda) -> datetime:
    """Return an instant before which no words about an agenda change with the clock.

    It may be earlier than needed, never later.
    """
    now = diary.now
    instants = [at for dose in agenda.doses for at in _changes_of(dose, now)]
    instants += [each.allowed_at for each in agenda.as_needed if each.allowed_at is not None]
    instants += changes_of_waiting(diary.session, diary.owner, now)
    if any(dose.waiting_period for dose in agenda.doses):
        # Words about waiting until another day name it.
        tomorrow = now.astimezone(diary.owner.zone).date() + DAY
        instants.append(datetime.combine(tomorrow, time(), diary.owner.zone))
    return min((at for at in instants if at >= now), default=FOR_EVER)


def _changes_of(dose: AgendaDose, now: datetime) -> Iterator[datetime]:
    if dose.is_waiting and dose.due_at is not None:
        yield from (dose.due_at - NEAR, dose.due_at, dose.due_at + ON_TIME)
        if abs(dose.due_at - now) <= NEAR:
            # Minutes are rounded, so they change between two whole ones.
            yield now + (dose.due_at - now + MINUTE / 2) % MINUTE
    event = dose.row.event
    if event is not None and dose.item.dry_minutes:
        yield from (event.occurred_at, event.occurred_at + dose.item.dry_minutes * MINUTE)
