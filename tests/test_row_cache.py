"""A row that every request reads says what the database says now, whatever was read before."""

import pytest
from sqlalchemy import Engine, inspect
from sqlmodel import Session

from app.db import reading, writing
from app.models import SignIn, User
from app.services.sign_ins import end_sign_in, find_sign_in, start_sign_in
from tests.support.clock import NOW
from tests.support.queries import count_queries


@pytest.fixture
def token(session: Session, alice: User) -> str:
    """The token of a sign-in of Alice's."""
    token = start_sign_in(session, alice, "Firefox on Linux", NOW)
    session.commit()
    return token


def found(engine: Engine, token: str) -> tuple[User, SignIn]:
    """The person signed in by a token, as a new request reads it."""
    with reading(engine) as session:
        signed_in = find_sign_in(session, token)
    assert signed_in is not None
    return signed_in


def test_a_sign_in_is_read_as_a_session_reads_it(
    engine: Engine, session: Session, alice: User, token: str
) -> None:
    sign_in = session.exec(SignIn.of_user(alice.id)).one()

    for _first_and_later in range(2):
        user, again = found(engine, token)
        assert user.model_dump() == alice.model_dump()
        assert again.model_dump() == sign_in.model_dump()
        assert inspect(user).detached
        assert inspect(again).detached


def test_the_database_is_asked_each_time(engine: Engine, token: str) -> None:
    with count_queries(engine) as queries:
        for _each in range(3):
            found(engine, token)

    assert len(queries) == 3


def test_a_change_counts_at_the_next_request(
    engine: Engine, session: Session, alice: User, token: str
) -> None:
    found(engine, token)
    alice.time_zone = "Asia/Tokyo"
    session.add(alice)
    session.commit()

    assert found(engine, token)[0].time_zone == "Asia/Tokyo"


def test_a_sign_in_that_has_ended_is_not_found(
    engine: Engine, session: Session, token: str
) -> None:
    found(engine, token)
    end_sign_in(session, token)
    session.commit()

    with reading(engine) as later:
        assert find_sign_in(later, token) is None


def test_what_a_request_changes_of_its_account_another_one_does_not_see(
    engine: Engine, token: str
) -> None:
    with writing(engine) as session:
        user, _sign_in = found(engine, token)
        user.name = "Alicia"
        session.add(user)
        session.flush()
        session.rollback()

    again, _sign_in = found(engine, token)
    assert again is not user
    assert again.name == "Alice"
    assert inspect(again).detached


def test_what_a_request_saves_of_its_account_is_saved(engine: Engine, token: str) -> None:
    for name in ("Alicia", "Alix"):
        with writing(engine) as session:
            user, _sign_in = found(engine, token)
            user.name = name
            session.add(user)
            session.commit()
        assert found(engine, token)[0].name == name
