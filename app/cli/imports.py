"""Bring in what was logged elsewhere."""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from app.cli.installation import Commands, named_user, open_installation
from app.db import reading, writing
from app.db.turns import Turns
from app.errors import CommandError
from app.interchange.importers.health_auto_export import (
    SOURCE,
    import_health_auto_export,
    preview_health_auto_export,
)
from app.interchange.importers.medicines import Choices
from app.interchange.importers.outcome import ImportReport
from app.models import User
from app.settings import Settings

FORMATS = (SOURCE,)
QUIET_SECONDS = 1.0
DESCRIPTION = """\
Import a log from another app. Importing a file again changes nothing. A later export corrects
what an earlier one said, but never what you changed in Strand. If an import is interrupted, run
it again: it continues.

Formats:
  health-auto-export   Apple Health medications: in the app Health Auto Export, export
                       Medications as CSV. Taken and Skipped are answers; Not Interacted, Not
                       Logged, Snoozed, Unspecified and Notification Not Sent leave the scheduled
                       dose untaken.
"""


def add_commands(commands: Commands) -> None:
    """Add `import`."""
    parser = commands.add_parser(
        "import",
        help="import a log from another app",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("format", metavar="FORMAT", choices=FORMATS, help=", ".join(FORMATS))
    parser.add_argument("file", metavar="FILE", type=Path, help="the exported file")
    parser.add_argument("--user", metavar="NAME", required=True, help="the account to import into")
    parser.add_argument(
        "--match",
        metavar="NAME=ITEM",
        action="append",
        default=[],
        help="add the doses of medicine NAME to your item ITEM, or link it to the catalogue "
        "entry ITEM (name or id); can be repeated",
    )
    parser.add_argument(
        "--as-new",
        metavar="NAME",
        action="append",
        default=[],
        help="make medicine NAME an item of its own, even if you have one of that name; can be "
        "repeated",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="only show where each medicine would go, and which rows cannot be read",
    )
    parser.set_defaults(run=import_file)


def import_file(settings: Settings, given: argparse.Namespace) -> int:
    """Import a file. Rows that cannot be read are listed; fail only if no row can."""
    content = given.file.read_bytes()
    choices = Choices(_matches(given.match), given.as_new)
    return (_preview if given.dry_run else _import)(settings, given.user, content, choices)


def _import(settings: Settings, name: str, content: bytes, choices: Choices) -> int:
    with open_installation(settings) as engine, writing(engine) as session:
        user = named_user(session.exec(User.named(name)).first(), name)
        give_way = Turns(session)
        give_way(at_once=True)
        outcome = import_health_auto_export(
            session,
            user,
            content,
            datetime.now(UTC),
            _Counter(),
            choices=choices,
            give_way=give_way,
        )
        session.commit()
    print(outcome)
    if outcome.items:
        print(f"New items: {', '.join(outcome.items)}.")
    for sentence in (*outcome.proposals, *outcome.offers):
        print(sentence)
    return _show_refusals(outcome)


def _preview(settings: Settings, name: str, content: bytes, choices: Choices) -> int:
    with open_installation(settings) as engine, reading(engine) as session:
        user = named_user(session.exec(User.named(name)).first(), name)
        now = datetime.now(UTC)
        outcome, targets = preview_health_auto_export(session, user, content, now, choices)
        lines = [str(target) for target in targets]
    print(f"Read {outcome.rows:,} rows, {outcome.refused:,} not readable. Nothing was imported.")
    for line in lines:
        print(line)
    return _show_refusals(outcome)


def _show_refusals(outcome: ImportReport) -> int:
    for refusal in outcome.refusals:
        print(f"Line {refusal.line} was not read: {refusal.reason}", file=sys.stderr)
    return 1 if outcome.rows and outcome.refused == outcome.rows else 0


def _matches(given: list[str]) -> dict[str, str]:
    """The pairs of `--match`; a name may hold "=" itself, an item may not."""
    pairs = [each.rpartition("=") for each in given]
    for name, _sign, item in pairs:
        if not name.strip() or not item.strip():
            raise CommandError('Write --match as "NAME=ITEM", such as --match "Iron 14 mg=Iron".')
    return {name.strip(): item.strip() for name, _sign, item in pairs}


class _Counter:
    """Shows how far an import is, once it has taken a second."""

    def __init__(self) -> None:
        self.next_at = time.monotonic() + QUIET_SECONDS

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self.next_at:
            print(f"{done:,} of {total:,} doses ...", file=sys.stderr, flush=True)
            self.next_at += QUIET_SECONDS
