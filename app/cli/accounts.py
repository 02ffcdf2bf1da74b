"""Create an account, or give one a new password."""

import argparse
import sys
from datetime import UTC, datetime
from getpass import getpass

from app.cli.installation import Commands, local_time_zone, named_user, open_installation
from app.db import reading, writing
from app.domain.logical_dates import zone_named
from app.errors import CommandError
from app.i18n import _
from app.models import ActivityKind, User
from app.services.accounts import AccountInput, create_account, set_password
from app.services.activity import ON_THE_SERVER, record_activity
from app.services.passwords import check_password_is_strong, hash_password
from app.settings import Settings


def add_commands(commands: Commands) -> None:
    """Add `create-user` and `reset-password`."""
    create = commands.add_parser(
        "create-user",
        help=_("create an account"),
        description=_(
            "Create an account. You are asked for the password, or it is read from standard input."
        ),
    )
    create.add_argument("name", metavar=_("NAME"), help=_("the name to sign in with"))
    create.add_argument(
        "--time-zone",
        metavar=_("ZONE"),
        help=_("such as Europe/Berlin (default: that of this computer)"),
    )
    create.set_defaults(run=create_user)

    reset = commands.add_parser(
        "reset-password",
        help=_("give an account a new password"),
        description=_(
            "Give an account a new password and sign out every browser. You are asked for the "
            "password, or it is read from standard input."
        ),
    )
    reset.add_argument("name", metavar=_("NAME"), help=_("the name of the account"))
    reset.set_defaults(run=reset_password)


def create_user(settings: Settings, given: argparse.Namespace) -> int:
    """Create an account."""
    zone = given.time_zone or local_time_zone()
    try:
        zone_named(zone)
    except ValueError as error:
        raise CommandError(
            _("{zone} is not a time zone. Use a name such as Europe/Berlin.", zone=zone)
        ) from error
    account = AccountInput(name=given.name, password=_read_password(), time_zone=zone)
    with open_installation(settings) as engine, writing(engine) as session:
        now = datetime.now(UTC)
        user = create_account(session, account, now)
        record_activity(session, user.id, ActivityKind.CREATED, ON_THE_SERVER, now)
        session.commit()
    print(_("Created the account {name}, in the time zone {zone}.", name=user.name, zone=zone))
    return 0


def reset_password(settings: Settings, given: argparse.Namespace) -> int:
    """Give an account a new password."""
    password = _read_password()
    with open_installation(settings) as engine:
        with reading(engine) as session:
            name = named_user(session.exec(User.named(given.name)).first(), given.name).name
        check_password_is_strong(password, name)
        password_hash = hash_password(password)
        with writing(engine) as session:
            user = named_user(session.exec(User.named(name)).first(), name)
            set_password(session, user, password_hash)
            record_activity(session, user.id, ActivityKind.RESET, ON_THE_SERVER, datetime.now(UTC))
            session.commit()
    print(_("Changed the password of {name}, and signed out every browser.", name=user.name))
    return 0


def _read_password() -> str:
    """Read the password: typed unseen by a person, or the first line that a program sends."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(_("Password: "))
    if getpass(_("Repeat the password: ")) != password:
        raise CommandError(_("The two passwords differ."))
    return password
