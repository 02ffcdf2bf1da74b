"""Expected errors, in the words of the domain.

AppError                 an expected outcome, shown as a page with one plain sentence
├── NotFound        404  not there, or not yours: the same answer to both
│   └── LinkUsed         a set-up link that no longer works
├── NotSignedIn     401  for a fetch; a page is sent to the sign-in (303)
├── ClockOff        409  the device's clock is off by an hour or more; the page asks the person
├── Refused         422  a rule of the domain refuses, with its own sentence
│   └── TooManyTries 429  wait before the next password
├── Busy            503  too many requests at once: the same request works later
│   └── OutOfOrder       the database or its disk is in trouble: nothing was saved
├── DiskFull        507  the server's disk is full: nothing was saved
└── CommandError         a command cannot continue: one sentence, exit status 1
"""

from enum import Enum

from app.i18n import Text, _, lazy


class AppError(Exception):
    """An expected failure; `str(error)` is the sentence the person reads."""

    status_code = 500
    message: Text = lazy("Something went wrong.")

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message or self.message)


class NotFound(AppError):
    """The row does not exist, or is not the caller's: the same answer to both."""

    status_code = 404
    message: Text = lazy("This page does not exist.")


class LinkUsed(NotFound):
    """A set-up link that is no longer valid; its page offers to sign in."""

    message: Text = lazy("This link has already been used, or is incomplete.")


class NotSignedIn(AppError):
    """The request needs a valid sign-in and has none."""

    status_code = 401
    message: Text = lazy("Sign in to continue.")


class ClockOff(AppError):
    """An entry from a device whose clock is wrong: the person has to enter the time."""

    status_code = 409
    message: Text = lazy("This device’s clock is wrong. Enter the time yourself.")


class Refused(AppError):
    """The input breaks a rule; `field` names the field at fault."""

    status_code = 422
    message: Text = lazy("That cannot be saved.")

    def __init__(self, message: Text, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooManyTries(Refused):
    """Too many wrong passwords in a short time; the next try is allowed after `seconds`."""

    status_code = 429
    message: Text = lazy("Too many attempts. Wait a few minutes, then try again.")

    def __init__(self, seconds: int) -> None:
        super().__init__(self.message)
        self.seconds = seconds


class Busy(AppError):
    """Too many requests; the outbox keeps its entry and tries again."""

    status_code = 503
    message: Text = lazy("Too many photos are being processed. Try again in a minute.")


class OutOfOrder(Busy):
    """The database or its disk is in trouble; nothing from the request was saved."""


class DiskFull(AppError):
    """The disk is full; nothing from the request was saved."""

    status_code = 507
    message: Text = lazy(
        "The server’s disk is full, so this was not saved. What you saved before is safe. Free "
        "some space on the server, then try again."
    )


class CommandError(AppError):
    """A command cannot continue, and says why in one sentence."""


class Trouble(Enum):
    """A trouble with the database, its disk or the machine."""

    BUSY = "busy"
    AWAY = "away"
    FULL = "full"
    READ_ONLY = "read-only"
    FAILING = "failing"
    REPLACED = "replaced"
    UNREADABLE = "unreadable"

    @property
    def cause(self) -> lazy:
        """The name of the trouble."""
        return CAUSES[self]

    def sentence(self, *, is_write: bool = False) -> str:
        """Name the trouble, and say what to do."""
        lost = _(", so this was not saved") if is_write else ""
        return f"{CAUSES[self]}{lost}. {ADVICE[self]}"


CAUSES = {
    Trouble.BUSY: lazy("The server is busy"),
    Trouble.AWAY: lazy("The server’s database cannot be reached"),
    Trouble.FULL: lazy("The server’s disk is full"),
    Trouble.READ_ONLY: lazy("The server’s disk cannot be written to"),
    Trouble.FAILING: lazy("The server’s disk or database is damaged"),
    Trouble.REPLACED: lazy("The server’s database file was deleted, moved or replaced"),
    Trouble.UNREADABLE: lazy("The server’s database file cannot be read"),
}
ADVICE = {
    Trouble.BUSY: lazy("Try again in a moment."),
    Trouble.AWAY: lazy("What you saved before is safe. Try again in a minute."),
    Trouble.FULL: lazy(
        "What you saved before is safe. Free some space on the server, then try again."
    ),
    Trouble.READ_ONLY: lazy("What you saved before is safe. See the server’s log for details."),
    Trouble.FAILING: lazy("See the server’s log for details. Keep your backups."),
    Trouble.REPLACED: lazy("Put the file back, or restart Strand."),
    Trouble.UNREADABLE: lazy(
        "What you saved before is safe. Check the permissions of the file and its folder."
    ),
}
