"""Bring in what was logged elsewhere."""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from app.cli.installation import Commands, named_user, open_installation
from app.db import writing
from app.models import User
from app.services.importers.health_auto_export import import_health_auto_export
from app.services.importers.outcome import Outcome, Progress
from app.settings import Settings

Importer = Callable[[Session, User, bytes, datetime, Progress], Outcome]

IMPORTERS: dict[str, Importer] = {"health-auto-export": import_health_auto_export}
QUIET_SECONDS = 1.0


def add_commands(commands: Commands) -> None:
    """Add `import`."""
    parser = commands.add_parser(
        "import",
        help="bring in a file from another program",
        description="Bring in a file from another program. Importing it twice changes nothing.",
    )
    parser.add_argument("format", metavar="FORMAT", choices=IMPORTERS, help=", ".join(IMPORTERS))
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--user", metavar="NAME", required=True, help="whose log it goes to")
    parser.set_defaults(run=import_file)


def import_file(settings: Settings, given: argparse.Namespace) -> int:
    """Import a file; rows that were refused are listed, and fail the command only if all were."""
    content = given.file.read_bytes()
    with open_installation(settings) as engine, writing(engine) as session:
        user = named_user(session.exec(User.named(given.user)).first(), given.user)
        importer = IMPORTERS[given.format]
        outcome = importer(session, user, content, datetime.now(UTC), _Counter())
        session.commit()
    print(outcome)
    if outcome.items:
        print(f"New items: {', '.join(outcome.items)}.")
    for proposal in outcome.proposals:
        print(proposal)
    for refusal in outcome.refusals:
        print(f"Line {refusal.line} was refused: {refusal.reason}", file=sys.stderr)
    return 1 if outcome.rows and outcome.refused == outcome.rows else 0


class _Counter:
    """Says how far an import is, once it has lasted a second."""

    def __init__(self) -> None:
        self.next_at = time.monotonic() + QUIET_SECONDS

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self.next_at:
            print(f"{done:,} of {total:,} rows ...", file=sys.stderr, flush=True)
            self.next_at += QUIET_SECONDS
