"""What can go wrong, in the words of the domain.

AppError                 an expected outcome, shown as a page with one plain sentence
├── NotFound        404  not there, or not yours: the same answer to both
│   └── LinkUsed         a set-up link that no longer works
├── NotSignedIn     401  for a fetch; a page is sent to the sign-in (303)
├── ClockOff        409  the device's clock is off by an hour or more: the person is asked
├── Refused         422  a rule of the domain says no, in its own sentence
│   └── TooManyTries 429  wait before the next password
├── Busy            503  too many requests at once: the same request works later
│   └── OutOfOrder       the database or its disk is in trouble: nothing was saved
├── DiskFull        507  the server's disk is full: nothing was saved
└── CommandError         a command cannot go on: one sentence, exit status 1
"""

from app.i18n import Text, lazy


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
    """A set-up link that holds no more; its page offers to sign in."""

    message: Text = lazy("This link has already been used, or is incomplete.")


class NotSignedIn(AppError):
    """The request needs a sign-in and has none that still holds."""

    status_code = 401
    message: Text = lazy("Sign in to continue.")


class ClockOff(AppError):
    """An entry of a device whose clock is wrong: the person has to say what time it was."""

    status_code = 409
    message: Text = lazy("This device’s clock is wrong. Enter the time yourself.")


class Refused(AppError):
    """What was asked breaks a rule; `field` names the input that it is about."""

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
    """Others are served first; the outbox keeps its entry and tries again."""

    status_code = 503
    message: Text = lazy("Too many photos are being processed. Try again in a minute.")


class OutOfOrder(Busy):
    """The database or its disk is in trouble; nothing from the request was saved."""


class DiskFull(AppError):
    """The disk is full; nothing of the request was saved."""

    status_code = 507
    message: Text = lazy(
        "The server’s disk is full, so this was not saved. What you saved before is safe. Free "
        "some space on the server, then try again."
    )


class CommandError(AppError):
    """A command cannot go on, and says why in one sentence."""
