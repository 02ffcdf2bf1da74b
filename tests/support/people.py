"""Alice, whose log most tests keep, and Bob, who must never see it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import TypeVar

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from app.db import writing
from app.domain.names import name_key
from app.models import User
from app.services import passwords
from app.services.passwords import hash_password
from app.services.sign_ins import start_sign_in

PASSWORD = "seven quiet copper kettles"
BEGAN_ON = date(2026, 9, 1)

Row = TypeVar("Row", bound=SQLModel)


def save(session: Session, row: Row) -> Row:
    """Add a row and commit it."""
    session.add(row)
    session.commit()
    return row


def make_user(name: str, time_zone: str = "Europe/Berlin") -> User:
    """A person whose account began on 1 September, with `PASSWORD`."""
    return User(
        name=name,
        name_key=name_key(name),
        password_hash=_password_hash(),
        time_zone=time_zone,
        began_on=BEGAN_ON,
        created_at=datetime(2026, 9, 1, 8, tzinfo=UTC),
    )


def sign_in(engine: Engine, user: User, now: datetime) -> str:
    """Sign a person in, and return the token for their cookie."""
    with writing(engine) as session:
        token = start_sign_in(session, user, "Chrome on Linux", now)
        session.commit()
    return token


@pytest.fixture
def alice(session: Session, request: pytest.FixtureRequest) -> User:
    """The person whose log it is: a year old for tests that ask for `alices_year`."""
    if "alices_year" in request.fixturenames:
        year_old: User = request.getfixturevalue("alices_year")
        return year_old
    return save(session, make_user("Alice"))


@pytest.fixture
def bob(session: Session) -> User:
    """Somebody else on the same server."""
    return save(session, make_user("Bob"))


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_quickly() -> Iterator[None]:
    """A hash that takes 1 ms: there is no password to protect, and hundreds of tries are made."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        yield


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)
