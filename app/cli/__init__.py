"""Commands for the person who runs the server: `python -m app COMMAND`.

Each says in one line what it did; a failure is one sentence on standard error and a status
other than 0.
"""

import argparse
import sys
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.cli import accounts, imports, server
from app.db.trouble import Trouble, trouble_of
from app.errors import AppError, CommandError
from app.i18n import _
from app.settings import PREFIX, Settings, read_settings

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the status to exit with."""
    parser = make_parser()
    given = parser.parse_args(arguments)
    try:
        return int(given.run(_settings(), given))
    except AppError as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).strip().splitlines()
        is_busy = trouble_of(error) is Trouble.BUSY
        advice = "; run the command again in a moment." if is_busy else ""
        print(f"The database cannot be used: {' '.join(cause[:1])}{advice}", file=sys.stderr)
    except OSError as error:
        name = f": {error.filename}" if error.filename else ""
        print(f"{error.strerror or error}{name}.", file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 1


def make_parser() -> argparse.ArgumentParser:
    """Every command with its arguments."""
    parser = argparse.ArgumentParser(prog="python -m app", description="Run and look after Strand.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in (server, accounts, imports):
        module.add_commands(commands)
    return parser


def _settings() -> Settings:
    try:
        return read_settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{first['loc'][0]}".upper()
        raise CommandError(
            _("The setting {name} cannot be used: {reason}.", name=name, reason=first["msg"])
        ) from error
