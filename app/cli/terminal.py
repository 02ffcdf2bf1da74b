"""The language of the terminal.

Commands use it as the environment requests it, by the rules of gettext. So does argparse, which
looks up its own messages in the domain that is set here.
"""

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from app.i18n import DOMAIN, ENGLISH, LANGUAGES, LOCALES, marked, speaking

# The first that is set counts; only LANGUAGE may list several.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
OF_ARGPARSE = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("show this help message and exit"),
    marked("the following arguments are required: %s"),
    marked("unrecognized arguments: %s"),
    marked("expected one argument"),
    marked("ignored explicit argument %r"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("%(prog)s: error: %(message)s\n"),
)
OF_THE_SYSTEM = (
    marked("Is a directory"),
    marked("No space left on device"),
    marked("No such file or directory"),
    marked("Not a directory"),
    marked("Permission denied"),
    marked("Read-only file system"),
)


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language code that a terminal requests, such as "de" for "de_DE.UTF-8"."""
    wished = next(filter(None, map(environment.get, VARIABLES)), "")
    codes = (each.partition(".")[0].partition("_")[0].lower() for each in wished.split(":"))
    return next((code for code in codes if code in LANGUAGES), ENGLISH.code)


@contextmanager
def speaking_as(environment: Mapping[str, str]) -> Iterator[None]:
    """Use the language of a terminal within the block, for argparse too."""
    with speaking(language_of(environment)) as language:
        before = gettext.textdomain()
        if language is not ENGLISH:
            gettext.bindtextdomain(DOMAIN, str(LOCALES))
            gettext.textdomain(DOMAIN)
        try:
            yield
        finally:
            gettext.textdomain(before)
