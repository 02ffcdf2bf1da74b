"""Copies of the program that a test changes as a contributor would, and then runs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
COPIED = ("app", "migrations", "static", "templates")
MIGRATIONS = "migrations/versions"

# Set a fresh database up, sign Alice in, and open `client`; a script goes on from there.
VISIT = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from fastapi.testclient import TestClient
from app.db import make_engine, writing
from app.db.migrations import migrate
from app.main import create_app
from app.services.accounts import AccountInput, create_account
from app.services.sign_ins import start_sign_in
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
client = TestClient(app, headers={"sec-fetch-site": "same-origin"}, cookies={"sid": token})
client.__enter__()
"""
ANSWER = """
client.__exit__()
print(json.dumps(found))
"""

# By file: what is found there once, and what takes its place.
Edits = Mapping[str, list[tuple[str, str]]]


def copy_program(folder: Path) -> Path:
    """A copy of the program, as it is started."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def change(program: Path, edits: Edits, migration: str, name: str) -> set[str]:
    """Change a copy and add a migration; the files that it took, by their places."""
    for file, pairs in edits.items():
        text = (program / file).read_text()
        for before, after in pairs:
            assert text.count(before) == 1, (file, before)
            text = text.replace(before, after)
        (program / file).write_text(text)
    newest = max(path.name for path in (program / MIGRATIONS).glob("0*.py"))[:4]
    new = f"{int(newest) + 1:04}"
    (program / MIGRATIONS / f"{new}_{name}.py").write_text(migration.format(new=new, newest=newest))
    return {*edits, f"{MIGRATIONS}/NNNN_{name}.py"}


def visit(program: Path, script: str, database: Path) -> dict[str, Any]:
    """Run a script on a copy, with `client` and `user`; what it leaves in `found`."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{VISIT}{script}{ANSWER}", str(database)],
        cwd=program,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
