"""A year to look at, items to take, and what many tests ask of a page."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import Engine
from sqlmodel import SQLModel, select

from app.db import make_engine, reading, writing
from app.db.database import Database
from app.db.migrations import migrate
from app.demo import make_demo_year
from app.demo.photos import make_demo_photos
from app.models import Preferences, RegimenItem, User
from app.photos.store import PhotoStore
from tests.support.browser import OpenContext, sign_in_browser
from tests.support.clock import NOW
from tests.support.people import make_user, save
from tests.support.regimens import EVENING, MORNING, add, daily
from tests.support.site import Site
from tests.system.pages import add_other_timings

TODAY = NOW.date()
# By then the offer to undo a dose is over, and covers nothing.
TOAST_MS = 6_500
# Begun last, one of these would keep the other test process waiting.
LONGEST = {"test_offline_at_random.py", "test_other_engines.py"}
Row = TypeVar("Row", bound=SQLModel)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@dataclass
class Year:
    """A running server that holds a person with a year of entries."""

    site: Site
    person: User


@pytest.fixture(scope="session")
def year_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Alice and the demonstration's year, made once for a test process."""
    path = tmp_path_factory.mktemp("year") / "year.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    with writing(engine) as session:
        person = save(session, make_user("Alice"))
        make_demo_year(session, person, NOW)
        make_demo_photos(session, person, NOW, PhotoStore(path.with_name("photos")))
        session.commit()
        add_other_timings(session, person)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def year_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine of the year's copies: what a statement compiles to is kept with it."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('copy') / 'year.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def year(site: Site, year_file: Path, year_engine: Engine) -> Iterator[Year]:
    """The running server on a copy of the year."""
    put_copy(year_file, year_engine)
    photos = site.application.state.settings.photo_dir
    shutil.copytree(year_file.with_name("photos"), photos, dirs_exist_ok=True)
    site.application.state.database = Database(year_engine)
    with reading(year_engine) as session:
        person = session.exec(User.named("Alice")).one()
    yield Year(replace(site, engine=year_engine), person)
    site.application.state.database = Database(site.engine)


def put_copy(file: Path, engine: Engine) -> None:
    """Put a copy of a SQLite file where an engine finds it."""
    engine.dispose()
    place = Path(engine.url.database or "")
    for old in place.parent.glob(f"{place.name}*"):
        old.unlink()
    shutil.copy(file, place)


@pytest.fixture
def year_context(open_context: OpenContext, year: Year) -> BrowserContext:
    """The phone of the person with the year."""
    context = open_context()
    sign_in_browser(context, year.site, year.person)
    return context


@pytest.fixture
def year_page(shown_page: Page, year: Year) -> Page:
    """A page to look at the year on."""
    sign_in_browser(shown_page.context, year.site, year.person)
    return shown_page


@pytest.fixture
def items(site: Site, person: User) -> dict[str, RegimenItem]:
    """Three things Alice takes: two in the morning, one of them in the evening as well."""
    with writing(site.engine) as session:
        return {
            "finasteride": add(session, person, "Finasteride", daily((MORNING, 1))),
            "minoxidil": add(
                session, person, "Minoxidil", daily((MORNING, 1), (EVENING, 1), unit="mL")
            ),
        }


def rows(engine: Engine, table: type[Row]) -> list[Row]:
    """All rows of a table, read again."""
    with reading(engine) as session:
        return list(session.exec(select(table)))


def until(condition: Callable[[], object], seconds: float = 15) -> None:
    """Wait for what happens on the server, outside any page."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def choose(site: Site, person: User, **preferences: object) -> None:
    """Put what a person chose in the settings."""
    with writing(site.engine) as session:
        chosen = session.get_one(Preferences, person.id)
        for name, value in preferences.items():
            setattr(chosen, name, value)
        session.commit()
