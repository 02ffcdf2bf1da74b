"""A new question of the check-in: `docs/add-a-measure.md` names the files, and here they change.

The change is made in a copy of the program, which then runs in a process of its own.
"""

import csv
import re
from pathlib import Path

import pytest

from tests.support.program_copies import PROJECT, change, copy_program, visit

pytestmark = pytest.mark.slow
PAGE = PROJECT / "docs" / "add-a-measure.md"

SCALE = """MOTIVATION = Scale(
    "motivation",
    lazy("Motivation"),
    lazy("How motivated were you?"),
    1,
    5,
    lazy("very low"),
    lazy("very high"),
)

CHECK_IN_SCALES: Mapping"""
EDITS = {
    "app/domain/symptoms.py": [
        ("CHECK_IN_SCALES: Mapping", SCALE),
        ("STRESS, FOCUS)", "STRESS, FOCUS, MOTIVATION)"),
    ],
    "app/models/check_in.py": [
        ('"stress", "focus", "note")', '"stress", "focus", "motivation", "note")'),
        (
            '        between("focus", 1, 5),\n',
            '        between("focus", 1, 5),\n        between("motivation", 1, 5),\n',
        ),
        (
            "    focus: int | None = None\n",
            "    focus: int | None = None\n    motivation: int | None = None\n",
        ),
        ('"stress", "focus"), user_id', '"stress", "focus", "motivation"), user_id'),
    ],
    "app/records/log.py": [
        (
            '            column("focus", cells.whole),\n            column("note", cells.text),\n'
            '            read_on_account_clock("logged_at"),\n',
            '            column("focus", cells.whole),\n            column("note", cells.text),\n'
            '            read_on_account_clock("logged_at"),\n'
            '            column("motivation", cells.whole),\n',
        ),
    ],
    "app/interchange/csv_export.py": [
        ("stress, focus and the note", "stress, focus, motivation and the note"),
    ],
}
MIGRATION = '''"""Ask about motivation."""

import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("check_in") as table:
        table.add_column(sa.Column("motivation", sa.Integer()))
        table.create_check_constraint(
            "motivation", "motivation IS NULL OR motivation BETWEEN 1 AND 5"
        )


def downgrade() -> None:
    with op.batch_alter_table("check_in") as table:
        table.drop_column("motivation")
'''
SCRIPT = """
day = f"/days/{user.began_on}/check-in"
found = {"status": client.post(day, data={"motivation": "4"}, follow_redirects=False).status_code}
found["wrong"] = client.post(day, data={"motivation": "6"}, follow_redirects=False).status_code
found["form"] = client.get(day).text
client.post("/settings/check-in", data={"asked": ["mood", "motivation"]})
found["trends"] = client.get("/trends").text
for name in ("check-ins", "days", "weeks"):
    found[name] = client.get(f"/export/{name}.csv").text
"""


def test_a_new_question_is_five_files_and_the_page_names_them(tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    changed = change(program, EDITS, MIGRATION, "ask_about_motivation")

    assert set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)) == changed

    found = visit(program, SCRIPT, tmp_path / "data" / "strand.db")

    assert (found["status"], found["wrong"]) == (303, 422)
    assert "How motivated were you?" in found["form"] or "Motivation" in found["form"]
    assert "Motivation" in found["trends"]
    (checked_in,) = csv.DictReader(found["check-ins"].splitlines())
    assert list(checked_in)[-1] == "motivation"
    assert checked_in["motivation"] == "4"
    assert next(csv.DictReader(found["days"].splitlines()))["motivation"] == "4"
    assert "motivation" in found["weeks"].splitlines()[0]
