"""`demo`: serve a year of made-up data, to look around."""

import argparse
import secrets
import tempfile
from pathlib import Path

from app.cli.installation import Commands, local_time_zone, open_installation
from app.cli.server import addresses_of, handle_sigterm, listening, now_utc, run, say
from app.db import writing
from app.demo import make_demo_year
from app.demo.photos import make_demo_photos
from app.i18n import _
from app.language.words import capitalize_first
from app.main import create_app
from app.photos.store import PhotoStore
from app.services.accounts import AccountInput, create_account
from app.settings import Settings, read_settings

DEMO_NAME = "Demo"
# Its own name, because cookies ignore ports.
DEMO_COOKIE = "demo_sid"
CONSONANTS = "bcdfghjkmnpqrtvwxz"


def add_commands(commands: Commands) -> None:
    """Add `demo`."""
    words = _("serve a temporary copy with a year of sample data")
    parser = commands.add_parser("demo", help=words, description=f"{capitalize_first(words)}.")
    parser.set_defaults(run=demo)


def new_password() -> str:
    """Make a password that the rules accept: without vowels and digits it holds no word or date."""
    return "strand-" + "".join(secrets.choice(CONSONANTS) for _ in range(8))


def demo(_settings: Settings, _given: argparse.Namespace) -> int:
    """Serve a year of made-up data from a temporary folder."""
    handle_sigterm()
    with tempfile.TemporaryDirectory(prefix="strand-demo-") as folder:
        settings = read_settings(
            data_dir=Path(folder),
            database_url=f"sqlite:///{folder}/strand.db",
            base_url=None,
        )
        with open_installation(settings) as engine, listening(8001) as listener:
            password = new_password()
            account = AccountInput(name=DEMO_NAME, password=password, time_zone=local_time_zone())
            now = now_utc()
            with writing(engine) as session:
                person = create_account(session, account, now)
                make_demo_year(session, person, now)
                make_demo_photos(session, person, now, PhotoStore(settings.photo_dir))
                session.commit()
            say(addresses_of(settings, listener)[0])
            say(
                _(
                    "Sign in as {name} with the password {password}",
                    name=DEMO_NAME,
                    password=password,
                )
            )
            run(settings, create_app(settings, engine, cookie_name=DEMO_COOKIE), listener)
    return 0
