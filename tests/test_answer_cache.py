"""A value made from rows is returned for exactly as long as the rows are the same."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import reading, writing
from app.db.answer_cache import AnswerCache
from app.db.direct import fetch
from app.models import Note, NoteKind, User
from tests.support.clock import NOW
from tests.support.people import save
from tests.support.queries import count_queries

ON = NOW.date()
Look = Callable[..., list[str]]


@pytest.fixture
def look(engine: Engine, alice: User) -> Look:
    """Look at the texts of Alice's notes of a day, which are cached."""
    cache = AnswerCache[list[str]](2)

    def look(key: object = "notes", on: date = ON) -> list[str]:
        with reading(engine) as session:
            return cache.find(session, key, lambda: texts(session, alice, on))

    return look


def texts(session: Session, owner: User, on: date) -> list[str]:
    return [note.text for note in fetch(session, Note.between, owner.id, on, on)]


def write(session: Session, owner: User, text: str) -> Note:
    return save(
        session,
        Note(
            id=uuid4(),
            user_id=owner.id,
            on=ON,
            iso_week=202648,
            kind=NoteKind.NOTE,
            text=text,
            logged_at=NOW,
        ),
    )


def test_the_same_is_handed_out_while_the_rows_are_the_same(
    look: Look, session: Session, alice: User, bob: User
) -> None:
    write(session, alice, "Windy")
    first = look()
    write(session, bob, "Rain")

    assert first == ["Windy"]
    assert look() is first


def test_a_write_of_anybody_counts_at_once(look: Look, session: Session, alice: User) -> None:
    note = write(session, alice, "Windy")
    look()
    note.text = "Calm"
    save(session, note)
    assert look() == ["Calm"]
    session.delete(note)
    session.commit()
    assert look() == []


def test_the_database_is_asked_each_time_and_once_in_a_session(
    look: Look, engine: Engine, alice: User
) -> None:
    with count_queries(engine) as queries:
        look()
        look()
    assert len(queries) == 2

    with count_queries(engine) as queries, reading(engine) as session:
        texts(session, alice, ON)
        texts(session, alice, ON)
    assert len(queries) == 1


def test_a_session_that_writes_asks_again_and_caches_nothing(engine: Engine, alice: User) -> None:
    cache = AnswerCache[list[str]](2)
    with writing(engine) as session:
        assert cache.find(session, "notes", lambda: texts(session, alice, ON)) == []
        write(session, alice, "Windy")
        assert cache.find(session, "notes", lambda: texts(session, alice, ON)) == ["Windy"]


def test_what_was_read_by_other_means_is_not_cached(engine: Engine, alice: User) -> None:
    cache = AnswerCache[list[str]](2)
    statement = select(Note.text).where(Note.user_id == alice.id)

    def look() -> list[str]:
        with reading(engine) as session:
            return cache.find(session, "notes", lambda: [*session.exec(statement)])

    assert look() is not look()


def test_only_the_values_used_last_are_cached(look: Look) -> None:
    first = look("first")
    look("second")
    look("third")

    assert look("first") is not first


def test_a_value_that_no_longer_holds_is_made_again(engine: Engine, alice: User) -> None:
    cache = AnswerCache[list[str]](2)

    def look(*, holds: bool) -> list[str]:
        with reading(engine) as session:
            make = partial(texts, session, alice, ON)
            return cache.find(session, "notes", make, lambda _value: holds)

    first = look(holds=True)
    assert look(holds=True) is first
    assert look(holds=False) is not first
