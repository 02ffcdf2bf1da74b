"""Commands for the administrator: `python -m app COMMAND`.

Each prints in one line what it did; a failure is one sentence on standard error and a status other
than 0. Both are in the language of the terminal. Lines of the log stay English, also those of the
clean-up beside the server: they can be searched for, in the log and in the documentation.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.cli.terminal import speaking_as
from app.db.trouble import trouble_of
from app.errors import AppError, CommandError, Trouble
from app.i18n import _, lazy
from app.settings import PREFIX, Settings, read_settings

INTERRUPTED = 130
# The modules of the commands. A server loads only the first: the others need 2 MiB that it never
# uses.
MODULES = ("server", "demo", "accounts", "imports")
# Pydantic's messages about settings that are neither a text nor a number.
REASONS = {
    "bool_parsing": lazy("Input should be a valid boolean, unable to interpret input"),
    "enum": lazy("Input should be 'closed' or 'open'"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    with speaking_as(os.environ):
        return _run(make_parser(load_commands(given)).parse_args(given))


def _run(given: argparse.Namespace) -> int:
    try:
        return int(given.run(_settings(), given))
    except AppError as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        print(_trouble_in_words(error), file=sys.stderr)
    except OSError as error:
        name = f": {error.filename}" if error.filename else ""
        print(f"{_(error.strerror) if error.strerror else error}{name}.", file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 1


def _trouble_in_words(error: SQLAlchemyError) -> str:
    """Return why the database cannot be used: the first line of its error."""
    cause = " ".join(str(getattr(error, "orig", error)).strip().splitlines()[:1])
    if trouble_of(error) is Trouble.BUSY:
        return _(
            "The database cannot be used: {cause}; run the command again in a moment.", cause=cause
        )
    return _("The database cannot be used: {cause}", cause=cause)


def load_commands(given: Sequence[str]) -> list[ModuleType]:
    """Load the modules of the commands that the arguments may mean."""
    names = MODULES[:1] if given[:1] == ["serve"] else MODULES
    return [importlib.import_module(f"app.cli.{name}") for name in names]


def make_parser(modules: Sequence[ModuleType]) -> argparse.ArgumentParser:
    """Make the parser of all commands in some modules, with their arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m app", description=_("Run and look after Strand.")
    )
    commands = parser.add_subparsers(metavar=_("COMMAND"), required=True)
    for module in modules:
        module.add_commands(commands)
    return parser


def _settings() -> Settings:
    try:
        return read_settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{first['loc'][0]}".upper()
        reason = REASONS.get(first["type"], first["msg"])
        raise CommandError(
            _("The setting {name} cannot be used: {reason}.", name=name, reason=reason)
        ) from error
