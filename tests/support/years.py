"""The demonstration's year, made once for a test process and copied for each test that asks."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import make_engine, writing
from app.demo import make_demo_year
from app.models import User
from tests.support.clock import NOW
from tests.support.people import make_user, save


@pytest.fixture(scope="session")
def year_file(sqlite_template: Path) -> Path:
    """A SQLite file with Alice and her year."""
    path = sqlite_template.with_name("year.db")
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    _make_year(engine)
    engine.dispose()
    return path


@pytest.fixture
def alices_year(engine: Engine, session: Session) -> User:
    """Alice, whose log is a year old.

    `engine` begins with `year_file` for a test that asks. PostgreSQL makes the year again.
    """
    if engine.dialect.name == "postgresql":
        _make_year(engine)
    alice = session.exec(User.named("Alice")).one()
    session.commit()
    return alice


def _make_year(engine: Engine) -> None:
    with writing(engine) as session:
        make_demo_year(session, save(session, make_user("Alice")), NOW)
        session.commit()
