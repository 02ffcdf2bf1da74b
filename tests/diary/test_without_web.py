"""A program without a web framework tells tonight's open doses and last month's changes."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.models import User
from app.services.dosages import change_dosage
from tests.support.clock import NOW
from tests.support.databases import on_sqlite
from tests.support.regimens import MORNING, add, daily, decided, log_dose, taken

TODAY = NOW.date()
DAY = timedelta(days=1)
SCRIPT = """
import json
import sys
from datetime import datetime, timedelta

from sqlmodel import select

from app.db import make_engine, reading
from app.diary import Diary
from app.diary.agenda import agenda_on
from app.diary.changes import changes
from app.i18n import speaking
from app.language.change_words import change_words
from app.language.dosage_words import dose_words
from app.language.dose_standing_words import when_words
from app.models import User

url, name, now, language = sys.argv[1:]
with reading(make_engine(url)) as session, speaking(language):
    owner = session.exec(select(User).where(User.name == name)).one()
    diary = Diary(session, owner, datetime.fromisoformat(now))
    for dose in agenda_on(diary, diary.today).waiting:
        amount = dose_words(dose.item, dose.row.amount, dose.row.unit, owner)
        print(f"{dose.item.name}, {amount}: {when_words(dose, diary.now)}")
    since = diary.today - timedelta(days=30)
    for change in changes(diary):
        if since <= change.on <= diary.today:
            print(f"{change.on}: {change_words(change, owner)}")
print(json.dumps(sorted({module.split(".")[0] for module in sys.modules})))
"""


def told(engine: Engine, name: str, language: str) -> tuple[list[str], set[str]]:
    """What the script prints, and the packages that it has loaded."""
    url = engine.url.render_as_string(hide_password=False)
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, url, name, NOW.isoformat(), language],
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, modules = ran.stdout.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    return lines, set(json.loads(modules))


@pytest.mark.slow
@on_sqlite
def test_open_doses_and_changes_are_found_without_a_web_framework(
    engine: Engine, session: Session, alice: User, bob: User
) -> None:
    minoxidil = add(session, alice)
    log_dose(session, alice, minoxidil, taken(TODAY))
    change_dosage(session, minoxidil, daily((MORNING, 1.5), unit="mL"), TODAY + DAY, decided(alice))
    finasteride = add(session, alice, "Finasteride", daily((MORNING, 0.5)))
    change_dosage(session, finasteride, daily((MORNING, 1)), TODAY - 9 * DAY, decided(alice))
    add(session, bob, "Biotin", daily((MORNING, 5)))
    session.commit()

    english, modules = told(engine, "Alice", "en")
    german, _modules = told(engine, "Alice", "de")

    assert english == [
        "Finasteride, 1 mg: was due at 08:00",
        "Minoxidil, 1 mL: due 41 min ago",
        f"{TODAY - 9 * DAY}: Finasteride 0.5 → 1 mg a day",
    ]
    assert german == [
        "Finasteride, 1 mg: war um 08:00 fällig",
        "Minoxidil, 1 mL: seit 41 min fällig",
        f"{TODAY - 9 * DAY}: Finasteride 0,5 → 1 mg pro Tag",
    ]
    assert modules & {"fastapi", "starlette", "jinja2", "uvicorn"} == set()
