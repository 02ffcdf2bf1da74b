"""The newest decision stands, in whatever order the decisions arrive."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from app import records
from app.errors import NotFound
from app.models import EntryVersion, Note, NoteKind, User
from app.services.history import Decision, plain, purge, record_version
from tests.support.clock import NOW
from tests.support.databases import Rows, both_databases
from tests.support.regimens import decided

NOTE = UUID(int=77)
TODAY = NOW.date()


def write(
    session: Session, user: User, decision: Decision, text: str | None, note_id: UUID = NOTE
) -> bool:
    """Put a note in a state, and commit."""
    values = None
    if text is not None:
        values = {
            "user_id": user.id,
            "on": TODAY,
            "iso_week": 202648,
            "kind": NoteKind.NOTE,
            "label": "",
            "text": text,
            "logged_at": decision.changed_at,
        }
    is_latest = record_version(session, decision, records.NOTE, {"id": note_id}, values)
    session.commit()
    return is_latest


def texts(rows: Rows) -> list[str]:
    return [note.text for note in rows(Note)]


def test_a_decision_is_kept_with_its_state(session: Session, rows: Rows, alice: User) -> None:
    assert write(session, alice, decided(alice, 3), "shed a lot")

    (version,) = rows(EntryVersion)
    assert texts(rows) == ["shed a lot"]
    assert version.subject == f"note/{NOTE}"
    assert version.changed_at == NOW - timedelta(minutes=3)
    assert version.state is not None
    assert version.state["text"] == "shed a lot"


def test_a_replay_changes_nothing(session: Session, rows: Rows, alice: User) -> None:
    decision = decided(alice)
    write(session, alice, decision, "first")
    assert not write(session, alice, decision, "first, but altered on the way")

    assert texts(rows) == ["first"]
    assert len(rows(EntryVersion)) == 1


def test_a_replay_after_a_later_decision_does_not_bring_the_old_state_back(
    session: Session, rows: Rows, alice: User
) -> None:
    early, late = decided(alice, 9), decided(alice, 2)
    for decision, text in ((early, "old"), (late, "new"), (early, "old")):
        write(session, alice, decision, text)

    assert texts(rows) == ["new"]


@both_databases
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_every_order_of_arrival_ends_alike(
    session: Session, rows: Rows, alice: User, order: tuple[int, ...]
) -> None:
    told = [
        (decided(alice, 30), "first"),
        (decided(alice, 20), None),
        (decided(alice, 10), "last"),
    ]
    for number in order:
        write(session, alice, *told[number])

    assert texts(rows) == ["last"]
    assert len(rows(EntryVersion)) == 3


@both_databases
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_deletion_is_a_state_and_may_be_the_newest(
    session: Session, rows: Rows, alice: User, order: tuple[int, ...]
) -> None:
    told = [(decided(alice, 30), "gone"), (decided(alice, 20), None)]
    for number in order:
        write(session, alice, *told[number])

    assert texts(rows) == []
    assert sorted(version.state is None for version in rows(EntryVersion)) == [False, True]


@both_databases
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_decisions_at_one_instant_the_greater_entry_counts(
    session: Session, rows: Rows, alice: User, order: tuple[int, ...]
) -> None:
    lesser, greater = UUID(int=2**127 - 1), UUID(int=2**127 + 1)
    told = [(decided(alice, 5, lesser), "lesser"), (decided(alice, 5, greater), "greater")]
    for number in order:
        write(session, alice, *told[number])

    assert texts(rows) == ["greater"]


def test_decisions_a_microsecond_apart_are_distinguished(
    session: Session, rows: Rows, alice: User
) -> None:
    greater, lesser = UUID(int=9), UUID(int=8)
    a_microsecond = 1 / 60_000_000
    write(session, alice, decided(alice, 0, lesser), "later")
    write(session, alice, decided(alice, a_microsecond, greater), "earlier")

    assert texts(rows) == ["later"]


def said_at(user: User, wrong_by: timedelta, minutes: int = 0) -> Decision:
    """A decision made so many minutes after now, to a server whose clock is wrong by so much."""
    return decided(user, now=NOW + wrong_by + timedelta(minutes=minutes))


@pytest.mark.parametrize("ahead", [timedelta(days=366), timedelta(days=1), timedelta(minutes=5)])
def test_what_a_clock_that_ran_ahead_let_through_gives_way_once_it_is_right(
    session: Session, rows: Rows, alice: User, ahead: timedelta
) -> None:
    write(session, alice, said_at(alice, -timedelta(days=1)), "before")
    write(session, alice, said_at(alice, ahead), "ahead")
    write(session, alice, said_at(alice, ahead, minutes=1), "ahead too")

    assert write(session, alice, said_at(alice, timedelta(0), minutes=2), "now")
    assert texts(rows) == ["now"]
    assert write(session, alice, said_at(alice, timedelta(0), minutes=3), "later")
    assert texts(rows) == ["later"]
    told = sorted(rows(EntryVersion), key=lambda version: version.changed_at)
    assert [(each.state or {})["text"] for each in told] == [
        "before",
        "ahead",
        "ahead too",
        "now",
        "later",
    ]


def test_an_old_entry_does_not_win_because_a_clock_ran_ahead(
    session: Session, rows: Rows, alice: User
) -> None:
    write(session, alice, said_at(alice, timedelta(days=366)), "ahead")
    write(session, alice, decided(alice, minutes_ago=1), "now")

    assert not write(session, alice, decided(alice, minutes_ago=60), "an hour ago")
    assert texts(rows) == ["now"]


def test_the_id_of_a_stranger_is_not_there_and_nothing_is_written(
    session: Session, rows: Rows, alice: User, bob: User
) -> None:
    write(session, alice, decided(alice, 5), "Alice's own")

    with pytest.raises(NotFound):
        write(session, bob, decided(bob), "Bob was here")
    session.rollback()
    write(session, bob, decided(bob), None)

    assert texts(rows) == ["Alice's own"]
    assert [version.state for version in rows(EntryVersion) if version.user_id == bob.id] == [None]


def test_two_people_may_use_the_same_entry_id(
    session: Session, rows: Rows, alice: User, bob: User
) -> None:
    entry_id = uuid4()
    write(session, alice, decided(alice, 0, entry_id), "Alice's", UUID(int=1))
    write(session, bob, decided(bob, 0, entry_id), "Bob's", UUID(int=2))

    assert sorted(texts(rows)) == ["Alice's", "Bob's"]


def test_contents_are_forgotten_after_ninety_days_and_tombstones_stay(
    session: Session, rows: Rows, alice: User
) -> None:
    long_ago = NOW - timedelta(days=91)
    present, replaced, deleted = UUID(int=1), UUID(int=2), UUID(int=3)
    write(session, alice, decided(alice, now=long_ago), "present", present)
    write(session, alice, decided(alice, 9, now=long_ago), "replaced", replaced)
    write(session, alice, decided(alice, 5, now=long_ago), "replacing", replaced)
    write(session, alice, decided(alice, 9, now=long_ago), "deleted", deleted)
    write(session, alice, decided(alice, 5, now=long_ago), None, deleted)
    purge(session, NOW)
    session.commit()

    kept = {version.subject: version.state for version in rows(EntryVersion)}
    assert len(rows(EntryVersion)) == 3
    assert (kept[f"note/{present}"] or {})["text"] == "present"
    assert (kept[f"note/{replaced}"] or {})["text"] == "replacing"
    assert kept[f"note/{deleted}"] is None
    assert sorted(texts(rows)) == ["present", "replacing"]


def test_contents_younger_than_ninety_days_are_kept(
    session: Session, rows: Rows, alice: User
) -> None:
    recently = NOW - timedelta(days=89)
    write(session, alice, decided(alice, 9, now=recently), "before")
    write(session, alice, decided(alice, 5, now=recently), "after")
    purge(session, NOW)
    session.commit()

    assert len(rows(EntryVersion)) == 2


def test_a_replay_of_what_was_purged_does_not_come_back(
    session: Session, rows: Rows, alice: User
) -> None:
    long_ago = NOW - timedelta(days=91)
    old = decided(alice, 9, now=long_ago)
    write(session, alice, old, "old")
    write(session, alice, decided(alice, 5, now=long_ago), None)
    purge(session, NOW)
    session.commit()
    write(session, alice, old, "old")

    assert texts(rows) == []


def test_purging_one_person_leaves_the_present_of_another(
    session: Session, alice: User, bob: User
) -> None:
    long_ago = NOW - timedelta(days=91)
    write(session, alice, decided(alice, 9, now=long_ago), "Alice's", UUID(int=1))
    write(session, bob, decided(bob, 5, now=long_ago), None, UUID(int=1))
    purge(session, NOW)

    kept = session.exec(select(EntryVersion.user_id)).all()
    assert sorted(kept, key=str) == sorted([alice.id, bob.id], key=str)


def test_a_state_is_plain_json() -> None:
    state = plain({"on": TODAY, "id": NOTE, "amount": 0.5, "none": None, "kind": NoteKind.NOTE})

    assert state == {
        "on": "2026-11-23",
        "id": str(NOTE),
        "amount": 0.5,
        "none": None,
        "kind": "note",
    }
