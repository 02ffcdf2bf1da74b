"""Import logs of other apps."""

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from app.cli.installation import Commands, named_user, open_installation
from app.db import reading, writing
from app.db.turns import Turns
from app.domain.quantities import format_number
from app.errors import CommandError
from app.i18n import _, lazy
from app.interchange.imported_log import ImportedLog, Refusal
from app.interchange.importers import health_auto_export
from app.interchange.writer import (
    Choices,
    ImportReport,
    import_log,
    imports_to_undo,
    preview_log,
    undo_import,
)
from app.models import ImportBatch, User
from app.settings import Settings

Reader = Callable[[bytes, datetime], ImportedLog]
READERS: Mapping[str, Reader] = MappingProxyType(
    {health_auto_export.SOURCE: health_auto_export.read_log}
)
QUIET_SECONDS = 1.0
UNDO_DESCRIPTION = lazy("""\
Undo an import of the last 90 days. Doses and other entries return to what an earlier file or you
had entered before, or disappear. Your changes since then stay. The file can be imported again.
""")
DESCRIPTION = lazy("""\
Import a log from another app. Importing a file again changes nothing. A later export corrects
what an earlier one said, but never what you changed in Strand. If an import is interrupted, run
it again: it continues.

Formats:
  health-auto-export   Apple Health medications: in the app Health Auto Export, export
                       Medications as CSV. Taken and Skipped are answers; Not Interacted, Not
                       Logged, Snoozed, Unspecified and Notification Not Sent leave the scheduled
                       dose untaken.
""")


def add_commands(commands: Commands) -> None:
    """Add `import` and `undo-import`."""
    parser = commands.add_parser(
        "import",
        help=_("import a log from another app"),
        description=str(DESCRIPTION),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("format", metavar=_("FORMAT"), choices=READERS, help=", ".join(READERS))
    parser.add_argument("file", metavar=_("FILE"), type=Path, help=_("the exported file"))
    parser.add_argument(
        "--user", metavar=_("NAME"), required=True, help=_("the account to import into")
    )
    parser.add_argument(
        "--match",
        metavar=_("NAME=ITEM"),
        action="append",
        default=[],
        help=_(
            "add the doses of medicine NAME to your item ITEM, or link it to the catalogue entry "
            "ITEM (name or id); can be repeated"
        ),
    )
    parser.add_argument(
        "--as-new",
        metavar=_("NAME"),
        action="append",
        default=[],
        help=_(
            "make medicine NAME an item of its own, even if you have one of that name; can be "
            "repeated"
        ),
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help=_(
            "only count what would be new, changed or kept, show where each medicine would go, "
            "and which rows cannot be read"
        ),
    )
    parser.set_defaults(run=import_file)

    undo = commands.add_parser(
        "undo-import",
        help=_("undo an import of the last 90 days"),
        description=str(UNDO_DESCRIPTION),
    )
    undo.add_argument("batch", metavar=_("BATCH"), help=_("the import, as its report named it"))
    undo.add_argument(
        "--user", metavar=_("NAME"), required=True, help=_("the account imported into")
    )
    undo.set_defaults(run=undo_file)


def import_file(settings: Settings, given: argparse.Namespace) -> int:
    """Import a file. List rows that cannot be read; fail only if no row can."""
    content = given.file.read_bytes()
    choices = Choices(_matches(given.match), given.as_new)
    log = READERS[given.format](content, datetime.now(UTC))
    return (_preview if given.dry_run else _import)(settings, given.user, log, choices)


def _import(settings: Settings, name: str, log: ImportedLog, choices: Choices) -> int:
    with open_installation(settings) as engine, writing(engine) as session:
        user = named_user(session.exec(User.named(name)).first(), name)
        give_way = Turns(session)
        give_way(at_once=True)
        now = datetime.now(UTC)
        report = import_log(session, user, log, now, _Counter(), choices=choices, give_way=give_way)
        session.commit()
    print(report)
    if report.items:
        print(_("New items: {items}.", items=", ".join(report.items)))
    for sentence in (*report.proposals, *report.offers):
        print(sentence)
    if report.new or report.changed:
        command = f"python -m app undo-import {report.batch_id} --user {shlex.quote(name)}"
        print(_("To undo this import, within 90 days: {command}", command=command))
    for refusal in report.refusals:
        print(_not_read(refusal), file=sys.stderr)
    return _status(report)


def _preview(settings: Settings, name: str, log: ImportedLog, choices: Choices) -> int:
    with open_installation(settings) as engine, reading(engine) as session:
        user = named_user(session.exec(User.named(name)).first(), name)
        report, targets = preview_log(session, user, log, datetime.now(UTC), choices)
        lines = [str(target) for target in targets]
    print(report, _("Nothing was imported."))
    for line in lines:
        print(line)
    for refusal in report.refusals:
        print(_not_read(refusal), file=sys.stderr)
        print(f"  {refusal.text}", file=sys.stderr)
    return _status(report)


def undo_file(settings: Settings, given: argparse.Namespace) -> int:
    """Undo an import."""
    now = datetime.now(UTC)
    with open_installation(settings) as engine, writing(engine) as session:
        user = named_user(session.exec(User.named(given.user)).first(), given.user)
        batch = session.exec(ImportBatch.named(user.id, given.batch)).first()
        if batch is None:
            raise _no_import(given.batch, imports_to_undo(session, user, now))
        report = undo_import(session, user, batch, now, Turns(session))
        session.commit()
    print(report)
    if report.items:
        print(_("Removed items: {items}.", items=", ".join(report.items)))
    return 0


def _no_import(text: str, batches: Sequence[ImportBatch]) -> CommandError:
    """Say that no import has this id, and list those that could be undone."""
    said = [
        f"{each.id} ({each.source}, {each.imported_at:%Y-%m-%d %H:%M} UTC)"
        for each in batches
        if each.undone_at is None
    ]
    return CommandError(
        _(
            "There is no import {batch} that can be undone. Those of the last 90 days: {listed}",
            batch=text,
            listed=", ".join(said) or _("none."),
        )
    )


def _not_read(refusal: Refusal) -> str:
    return _("Line {line} was not read: {reason}", line=refusal.line, reason=refusal.reason)


def _status(report: ImportReport) -> int:
    return 1 if report.rows and report.refused == report.rows else 0


def _matches(given: list[str]) -> dict[str, str]:
    """Return the pairs of `--match`; a name may contain "=", an item may not."""
    pairs = [each.rpartition("=") for each in given]
    for name, _sign, item in pairs:
        if not name.strip() or not item.strip():
            raise CommandError(
                _('Write --match as "NAME=ITEM", such as --match "Iron 14 mg=Iron".')
            )
    return {name.strip(): item.strip() for name, _sign, item in pairs}


class _Counter:
    """Shows the progress of an import after its first second."""

    def __init__(self) -> None:
        self.next_at = time.monotonic() + QUIET_SECONDS

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self.next_at:
            said = _(
                "{done} of {total} doses ...",
                done=format_number(done),
                total=format_number(total),
            )
            print(said, file=sys.stderr, flush=True)
            self.next_at += QUIET_SECONDS
