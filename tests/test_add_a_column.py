"""A new column is five files: `docs/add-a-column.md` names them, and here they are changed.

Each change is made in a copy of the program, which then runs in a process of its own. Two nouns
stand for all that are one row: one of the log, and one of the regimen.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.program_copies import PROJECT, Edits, change, copy_program, visit

PAGE = PROJECT / "docs" / "add-a-column.md"


@dataclass(frozen=True)
class NewColumn:
    """A column to be added: how, and a script that saves, shows, deletes and restores a row.

    `typed` is what the form sends, `shown` what it shows of it later, `cell` what the file says.
    """

    name: str
    table: str
    sql: str
    edits: Edits
    script: str
    typed: str
    shown: str
    cell: str


PLACE = NewColumn(
    name="place",
    table="note",
    sql='sa.String(60), nullable=False, server_default=""',
    # By file: what is found there, and what takes its place.
    edits={
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
                'column("text", cells.text),\n            read_on_account_clock("logged_at"),\n',
                'column("text", cells.text),\n            read_on_account_clock("logged_at"),\n'
                '            column("place", cells.text),\n',
            ),
        ],
        "app/web/forms/note.py": [
            ('    text: LongText = ""\n', '    text: LongText = ""\n    place: OneLine = ""\n'),
        ],
        "templates/notes/edit.html": [
            (
                '    {{ button(_("Save"), is_wide=true) }}\n',
                '    {{ field(submission, "place", _("Place"), maxlength=60) }}\n'
                '    {{ button(_("Save"), is_wide=true) }}\n',
            ),
        ],
    },
    script="""
row = str(uuid4())
client.post(f"/days/{user.began_on}/notes", data={"id": row, "text": "shed", "place": TYPED})
address, export = f"/notes/{row}", "/export/notes.csv"
""",
    typed="  Rome ",
    shown='value="Rome"',
    cell="Rome",
)
LAST_OF_MEDICINE = """\
            column("times", cells.several(cells.clock)),
            column("starts_on", cells.day),
            column("ends_on", cells.day),
            column("note", cells.text),
"""
DOSE_MG = NewColumn(
    name="dose_mg",
    table="medicine",
    sql="sa.Float()",
    edits={
        "app/models/medicine.py": [
            (
                "    ends_on: date | None = None\n",
                "    ends_on: date | None = None\n    dose_mg: float | None = None\n",
            ),
        ],
        "app/records/regimen.py": [
            (LAST_OF_MEDICINE, f'{LAST_OF_MEDICINE}            column("dose_mg", cells.number),\n'),
        ],
        "app/web/forms/medicine.py": [
            (
                "    ends_on: Day | None = None\n",
                "    ends_on: Day | None = None\n    dose_mg: Number | None = None\n",
            ),
        ],
        "templates/medicines/edit.html": [
            (
                '  {{ button(_("Save"), is_wide=true) }}\n',
                '  {{ field(submission, "dose_mg", _("Dose"), unit="mg") }}\n'
                '  {{ button(_("Save"), is_wide=true) }}\n',
            ),
        ],
    },
    script="""
row = str(uuid4())
client.post("/regimen/medicines", data={"id": row, "name": "Iron", "dose_mg": TYPED})
address, export = f"/regimen/medicines/{row}", "/export/medicines.csv"
""",
    typed="1,250.5",
    shown='value="1,250.5"',
    cell="1250.5",
)
MIGRATION = '''"""Add {name} to {table}."""

import sqlalchemy as sa
from alembic import op

revision = "{{new}}"
down_revision = "{{newest}}"


def upgrade() -> None:
    op.add_column("{table}", sa.Column("{name}", {sql}))


def downgrade() -> None:
    op.drop_column("{table}", "{name}")
'''

# Look at the row, delete it, and undo that.
LOOK = """
found = {"saved": client.get(export).text, "form": client.get(address + "/edit").text}
gone = client.post(address + "/delete", follow_redirects=False)
found["deleted"] = client.get(export).text
entry = gone.headers["location"].partition("deleted=")[2]
client.post(f"/deleted/{entry}/undo")
found["restored"] = client.get(export).text
"""


@pytest.mark.slow
@pytest.mark.parametrize("new", [PLACE, DOSE_MG], ids=lambda new: f"{new.table}.{new.name}")
def test_a_new_column_is_five_files(tmp_path: Path, new: NewColumn) -> None:
    program = copy_program(tmp_path / "program")
    migration = MIGRATION.format(name=new.name, table=new.table, sql=new.sql)
    changed = change(program, new.edits, migration, f"{new.table}_{new.name}")
    script = f"TYPED = {new.typed!r}\n{new.script}{LOOK}"

    found = visit(program, script, tmp_path / "data" / "strand.db")

    assert len(changed) == 5
    header, row = found["saved"].splitlines()
    assert (header.split(",")[-1], row.split(",")[-1]) == (new.name, new.cell)
    assert new.shown in found["form"]
    assert found["deleted"].splitlines() == [header]
    assert found["restored"].splitlines() == [header, row]


def test_the_page_names_the_five_files_of_its_example() -> None:
    named = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)

    assert {*named} == {*PLACE.edits, "migrations/versions/NNNN_note_place.py"}


def test_every_file_of_the_page_is_there() -> None:
    named = re.findall(r"`((?:app|templates|tests|migrations)/[^` ]+)`", PAGE.read_text())

    missing = [each for each in named if "NNNN" not in each and not (PROJECT / each).exists()]
    assert missing == []
