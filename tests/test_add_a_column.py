"""A new column is six files: `docs/add-a-column.md` names them, and here they are changed.

The change is made in a copy of the program, which then runs in a process of its own.
"""

import re
from pathlib import Path

import pytest

from tests.support.program_copies import PROJECT, change, copy_program, visit

pytestmark = pytest.mark.slow
PAGE = PROJECT / "docs" / "add-a-column.md"

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
        ("kind, label, self.text)", "kind, label, self.text, self.place)"),
    ],
    "app/services/notes.py": [
        ('    text: str = ""\n', '    text: str = ""\n    place: str = ""\n'),
        ('"text": note.text,\n', '"text": note.text,\n        "place": note.place,\n'),
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
SCRIPT = """
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
"""


def test_a_new_column_is_six_files_and_the_page_names_them(tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    changed = change(program, EDITS, MIGRATION, "note_a_place")

    assert len(changed) == 6
    assert set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)) == changed

    found = visit(program, SCRIPT, tmp_path / "data" / "strand.db")

    header, row = found["saved"].splitlines()
    assert (header.split(",")[-1], row.split(",")[-1]) == ("place", "Rome")
    assert 'value="Rome"' in found["form"]
    assert found["deleted"].splitlines() == [header]
    assert found["restored"].splitlines() == [header, row]


def test_every_file_of_the_page_is_there() -> None:
    named = re.findall(r"`((?:app|templates|tests|migrations)/[^` ]+)`", PAGE.read_text())

    missing = [each for each in named if "NNNN" not in each and not (PROJECT / each).exists()]
    assert missing == []
