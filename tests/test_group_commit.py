"""Short writes that share a transaction are each saved, refused and answered as if alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.db import reading, sqlite_module, writing
from app.models import DoseEvent, RegimenItem, User
from app.services.history import begin_turn, lock_user
from tests.routers.pages import TODAY
from tests.support.clients import SignInAs
from tests.support.crowds import Crowd
from tests.support.databases import Rows, both_databases
from tests.support.regimens import add

pytestmark = both_databases


@pytest.fixture
def crowd(engine: Engine) -> Crowd:
    return Crowd(engine)


@pytest.fixture
def commits(engine: Engine) -> Iterator[list[datetime]]:
    """Each commit."""
    found: list[datetime] = []

    def note(_connection: object) -> None:
        found.append(datetime.now(UTC))

    event.listen(engine, "commit", note)
    yield found
    event.remove(engine, "commit", note)


def renaming(user: User, name: str) -> Callable[[Session], str]:
    def rename(session: Session) -> str:
        rename = text("UPDATE user_account SET name = :name WHERE name_key = :key")
        session.execute(rename, {"name": name, "key": user.name_key})
        session.commit()
        return f"renamed to {name}"

    return rename


def name_of(engine: Engine, user: User) -> str:
    with reading(engine) as session:
        found = session.get(User, user.id)
        assert found is not None
        return found.name


def test_writes_that_wait_together_share_one_commit(
    crowd: Crowd, alice: User, bob: User, engine: Engine, commits: list[datetime]
) -> None:
    first, second = crowd.add(renaming(alice, "Alicia")), crowd.add(renaming(bob, "Robert"))
    crowd.write()

    assert len(commits) == 1
    assert crowd.told == [first, second]
    assert (first.result, second.result) == ("renamed to Alicia", "renamed to Robert")
    assert (name_of(engine, alice), name_of(engine, bob)) == ("Alicia", "Robert")


def test_nobody_is_answered_before_the_commit(crowd: Crowd, alice: User, engine: Engine) -> None:
    seen: list[str] = []
    for name in ("Alicia", "Ali"):
        job = crowd.add(renaming(alice, name))
        job.heard = lambda: seen.append(name_of(engine, alice))
    crowd.write()

    assert seen == ["Ali", "Ali"]


def test_work_that_fails_undoes_nobody_elses(
    crowd: Crowd, alice: User, bob: User, engine: Engine
) -> None:
    def fail(session: Session) -> None:
        renaming(bob, "half-way")(session)
        raise ValueError("a bug")

    before, failing, after = (
        crowd.add(work) for work in (renaming(alice, "Alicia"), fail, renaming(bob, "Robert"))
    )
    crowd.write()

    assert isinstance(failing.error, ValueError)
    assert (before.error, after.error) == (None, None)
    assert (name_of(engine, alice), name_of(engine, bob)) == ("Alicia", "Robert")


def test_work_that_rolls_back_undoes_nobody_elses(
    crowd: Crowd, alice: User, bob: User, engine: Engine
) -> None:
    def think_again(session: Session) -> str:
        session.execute(text("UPDATE user_account SET name = 'nobody'"))
        session.rollback()
        return "refused"

    crowd.add(renaming(alice, "Alicia"))
    refused = crowd.add(think_again)
    crowd.write()

    assert (refused.result, refused.error) == ("refused", None)
    assert (name_of(engine, alice), name_of(engine, bob)) == ("Alicia", "Bob")


def test_work_that_does_not_commit_leaves_nothing(
    crowd: Crowd, alice: User, bob: User, engine: Engine
) -> None:
    def forget(session: Session) -> str:
        session.execute(text("UPDATE user_account SET name = 'nobody'"))
        return "asked first"

    crowd.add(renaming(alice, "Alicia"))
    asked = crowd.add(forget)
    crowd.write()

    assert asked.result == "asked first"
    assert (name_of(engine, alice), name_of(engine, bob)) == ("Alicia", "Bob")


def test_work_reads_what_the_one_before_it_has_written(
    crowd: Crowd, alice: User, engine: Engine
) -> None:
    def read(session: Session) -> str:
        found = session.get(User, alice.id)
        assert found is not None
        session.commit()
        return found.name

    first = crowd.add(read)
    crowd.add(renaming(alice, "Alicia"))
    last = crowd.add(read)
    crowd.write()

    assert (first.result, last.result) == ("Alice", "Alicia")


def test_a_commit_that_fails_is_reported_to_everybody_in_it(
    crowd: Crowd, alice: User, bob: User, engine: Engine
) -> None:
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", None, sqlite_module().OperationalError("disk is full"))

    jobs = [crowd.add(renaming(alice, "Alicia")), crowd.add(renaming(bob, "Robert"))]
    event.listen(engine, "commit", fail)
    crowd.write()
    event.remove(engine, "commit", fail)

    assert [type(each.error) for each in jobs] == [OperationalError, OperationalError]
    assert crowd.told == jobs
    assert (name_of(engine, alice), name_of(engine, bob)) == ("Alice", "Bob")
    # And the next ones are written again.
    again = crowd.add(renaming(alice, "Alicia"))
    crowd.write()
    assert (again.error, name_of(engine, alice)) == (None, "Alicia")


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_person_who_waits_for_a_lock_of_their_own_holds_nobody_else_back(
    crowd: Crowd, alice: User, bob: User, engine: Engine
) -> None:
    def rename_in_turn(user: User, name: str) -> Callable[[Session], str]:
        def rename(session: Session) -> str:
            begin_turn(session, user.id)
            return renaming(user, name)(session)

        return rename

    crowd.add(rename_in_turn(alice, "Alicia"))
    crowd.add(rename_in_turn(bob, "Robert"))
    with writing(engine) as other:
        if engine.dialect.name == "postgresql":
            lock_user(other, alice.id)
        crowd.write()

    is_locked = engine.dialect.name == "postgresql"
    assert [each.error is None for each in crowd.told] == [not is_locked, True]
    expected = ("Alice" if is_locked else "Alicia", "Robert")
    assert (name_of(engine, alice), name_of(engine, bob)) == expected


def test_of_many_taps_at_once_only_the_wrong_ones_are_refused(
    alice: User, bob: User, sign_in_as: SignInAs, session: Session, rows: Rows
) -> None:
    items = {user.name: add(session, user, "Minoxidil") for user in (alice, bob)}
    browsers: dict[str, TestClient] = {user.name: sign_in_as(user) for user in (alice, bob)}
    start = Barrier(8)

    def tap(name: str, item: RegimenItem, on: str) -> int:
        start.wait()
        typed = {"due_on": on, "due_time": "08:00", "status": "taken", "tap": "yes"}
        return browsers[name].post(f"/regimen/{item.id}/doses", data=typed).status_code

    asked = [
        *[("Alice", items["Alice"], TODAY), ("Bob", items["Bob"], TODAY)] * 2,
        # Another person's item, a day of next year, a day that is none.
        *[("Alice", items["Bob"], TODAY), ("Bob", items["Alice"], TODAY)],
        *[("Alice", items["Alice"], "2199-01-01"), ("Bob", items["Bob"], "yesterday")],
    ]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda each: tap(*each), asked))

    assert answers == [*[303] * 4, 404, 404, 422, 422]
    assert {(each.user_id, each.regimen_item_id) for each in rows(DoseEvent)} == {
        (alice.id, items["Alice"].id),
        (bob.id, items["Bob"].id),
    }
