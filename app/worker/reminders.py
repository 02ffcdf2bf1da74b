"""Send the reminders that are due.

Claim first, send second: no transaction is open while a push service answers. What a killed process
had claimed is not sent, and never sent twice. A busy service is asked again a few times.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from app.db import reading, writing
from app.diary.regimen import regimen_of
from app.models import ReminderClock, User
from app.push.message import Message, Result, Sender, Sent
from app.services.reminders import claim_calls, due_clocks, note_sent
from app.worker.loop import Work
from app.worker.reminder_messages import messages_of

EVERY = timedelta(seconds=10)
# One transaction claims this many people: others wait that long at most.
CLAIMED_TOGETHER = 10
MOST_TRIES = 3
TRIED_AGAIN_AFTER, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=5)
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message that a busy service did not take, and when it is asked again."""

    message: Message
    tries: int
    at: datetime


@dataclass(slots=True)
class Reminding:
    """Calls the people whose reminders are due.

    The sender is made when there is something to send: it loads the encryption.
    """

    engine: Engine
    make_sender: Callable[[], Sender]
    _sender: Sender | None = None
    _waiting: dict[UUID, _Waiting] = field(default_factory=dict)

    def work(self) -> Work:
        """Return the job for the worker."""
        return Work(self.remind, EVERY)

    def remind(self, now: datetime) -> None:
        """Send what is due, until nothing is left."""
        ready = {each: waiting for each, waiting in self._waiting.items() if waiting.at <= now}
        for delivery_id in ready:
            del self._waiting[delivery_id]
        self._send({each: (waiting.message, waiting.tries) for each, waiting in ready.items()}, now)
        while self._prepare(now) and (messages := self._claim(now)) is not None:
            self._send({each: (message, 0) for each, message in messages.items()}, now)

    def close(self) -> None:
        """Close the connections to push services."""
        if self._sender is not None:
            self._sender.close()

    def _prepare(self, now: datetime) -> bool:
        """Read what the people who are due take, so that it is cached; return whether anyone is.

        A session that writes would read it three times: 9 of 15 ms a person, while others wait.
        """
        with reading(self.engine) as session:
            clocks = session.exec(ReminderClock.due(now, CLAIMED_TOGETHER)).all()
            for clock in clocks:
                regimen_of(session, session.get_one(User, clock.user_id))
            return bool(clocks)

    def _claim(self, now: datetime) -> Mapping[UUID, Message] | None:
        """Claim the calls of a few people; return None if other processes hold all who are due."""
        messages: dict[UUID, Message] = {}
        with writing(self.engine) as session:
            clocks = due_clocks(session, now, CLAIMED_TOGETHER)
            for clock in clocks:
                messages |= _claim_one(session, clock, now)
            session.commit()
        return messages if clocks else None

    def _send(self, messages: Mapping[UUID, tuple[Message, int]], now: datetime) -> None:
        if not messages:
            return
        self._sender = self._sender or self.make_sender()
        results = self._sender.send([message for message, _tries in messages.values()])
        failures = {}
        for (delivery_id, (message, tries)), result in zip(messages.items(), results, strict=True):
            if result.outcome is Sent.BUSY and tries + 1 < MOST_TRIES:
                self._waiting[delivery_id] = _Waiting(message, tries + 1, now + _wait(result))
            else:
                failures[delivery_id] = "" if result.outcome is Sent.SENT else result.outcome.value
        with writing(self.engine) as session:
            note_sent(session, failures, now)
            session.commit()


def _claim_one(session: Session, clock: ReminderClock, now: datetime) -> Mapping[UUID, Message]:
    """Claim one person's calls. An error of the program concerns this person alone, for an hour."""
    try:
        with session.begin_nested():
            claim = claim_calls(session, clock, now)
            return messages_of(session, claim, now) if claim else {}
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
        traceback.print_exc()
        session.execute(clock.claim(now + AN_HOUR))
        return {}


def _wait(result: Result) -> timedelta:
    return min(max(timedelta(seconds=result.retry_after), TRIED_AGAIN_AFTER), LONGEST_WAIT)
