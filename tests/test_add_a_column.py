"""A new column is five files: `docs/add-a-column.md` names them, and here they are changed.

The change is made in a copy of the program, which then runs in a process of its own.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "add-a-column.md"
COPIED = ("app", "migrations", "static", "templates")
MIGRATIONS = "migrations/versions"

# By file: what is found there, and what takes its place.
EDITS = {
    "app/models/note.py": [
        (
            '    text: str = Field(default="", max_length=10_000)\n',
            '    text: str = Field(default="", max_length=10_000)\n'
            '    place: str = Field(default="", max_length=60, '
            'sa_column_kwargs={"server_default": ""})\n',
        ),
    ],
    "app/records/log.py": [
        (
            '            column("text", text),\n            read_on_account_clock("logged_at"),\n',
            '            column("text", text),\n            read_on_account_clock("logged_at"),\n'
            '            column("place", text),\n',
        ),
    ],
    "app/routers/notes.py": [
        ('    text: LongText = ""\n', '    text: LongText = ""\n    place: OneLine = ""\n'),
        ('"text": note.text,\n', '"text": note.text,\n        "place": note.place,\n'),
        ('"text": form.text,\n', '"text": form.text,\n            "place": form.place,\n'),
    ],
    "templates/notes/edit.html": [
        (
            '    {{ button(_("Save"), is_wide=true) }}\n',
            '    {{ field(submission, "place", _("Place"), maxlength=60) }}\n'
            '    {{ button(_("Save"), is_wide=true) }}\n',
        ),
    ],
}
MIGRATION = '''"""Note a place."""

import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{newest}"


def upgrade() -> None:
    op.add_column("note", sa.Column("place", sa.String(60), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("note", "place")
'''

# Save a note with a place, look at it, delete it, and undo that.
VISIT = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from fastapi.testclient import TestClient
from app.db import make_engine, writing
from app.db.migrations import migrate
from app.main import create_app
from app.services.accounts import AccountInput, create_account, start_sign_in
from app.settings import Settings

url = "sqlite:///" + sys.argv[1]
engine = make_engine(url)
migrate(engine)
now = datetime.now(UTC)
with writing(engine) as session:
    account = AccountInput(name="Alice", password="seven quiet copper kettles")
    user = create_account(session, account, now)
    token = start_sign_in(session, user, "Chrome", now)
    session.commit()
app = create_app(Settings(data_dir=Path(sys.argv[1]).parent, database_url=url), engine=engine)
with TestClient(app, headers={"sec-fetch-site": "same-origin"}) as client:
    client.cookies.set("sid", token)
    note = str(uuid4())
    typed = {"id": note, "text": "shed", "place": "Rome"}
    client.post(f"/days/{user.began_on}/notes", data=typed)
    export = "/export/notes.csv"
    found = {"saved": client.get(export).text, "form": client.get(f"/notes/{note}/edit").text}
    gone = client.post(f"/notes/{note}/delete", follow_redirects=False)
    found["deleted"] = client.get(export).text
    entry = gone.headers["location"].partition("deleted=")[2]
    client.post(f"/deleted/{entry}/undo")
    found["restored"] = client.get(export).text
print(json.dumps(found))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program, as it is started."""
    program = tmp_path / "program"
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, program / name, ignore=ignored)
    shutil.copy(PROJECT / "pyproject.toml", program)
    return program


def add_the_column(program: Path) -> set[str]:
    """Change the copy; the files that it took, by their places in the repository."""
    for name, edits in EDITS.items():
        text = (program / name).read_text()
        for before, after in edits:
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, after)
        (program / name).write_text(text)
    newest = max(path.name for path in (program / MIGRATIONS).glob("0*.py"))[:4]
    new = f"{int(newest) + 1:04}"
    migration = f"{MIGRATIONS}/{new}_note_a_place.py"
    (program / migration).write_text(MIGRATION.format(new=new, newest=newest))
    return {*EDITS, migration.replace(new, "NNNN")}


def test_a_new_column_is_five_files_and_the_page_names_them(copy: Path, tmp_path: Path) -> None:
    changed = add_the_column(copy)

    assert len(changed) == 5
    assert set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)) == changed

    database = tmp_path / "data" / "strand.db"
    ran = subprocess.run(
        [sys.executable, "-c", VISIT, str(database)],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)

    header, row = found["saved"].splitlines()
    assert (header.split(",")[-1], row.split(",")[-1]) == ("place", "Rome")
    assert 'value="Rome"' in found["form"]
    assert found["deleted"].splitlines() == [header]
    assert found["restored"].splitlines() == [header, row]


def test_every_file_of_the_page_is_there() -> None:
    named = re.findall(r"`((?:app|templates|tests|migrations)/[^` ]+)`", PAGE.read_text())

    missing = [each for each in named if "NNNN" not in each and not (PROJECT / each).exists()]
    assert missing == []
