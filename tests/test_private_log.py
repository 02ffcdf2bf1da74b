"""The server's log says where something went wrong, and nothing that a person typed."""

import logging
import re
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.cli.log_format import LOG_CONFIG, OnceAMinute, PrivateFormatter
from app.models import CheckIn, User
from tests.support.clock import NOW

pytestmark = pytest.mark.slow

SECRET = "the-itch-behind-my-ear"


def written(error: BaseException) -> str:
    """What the log says of an error that nobody handled."""
    record = logging.LogRecord(
        "uvicorn.error",
        logging.ERROR,
        __file__,
        1,
        "Exception in ASGI application",
        None,
        (type(error), error, error.__traceback__),
    )
    return PrivateFormatter(LOG_CONFIG["formatters"]["private"]["format"]).format(record)


def test_a_row_that_the_database_refuses_is_not_written_down(session: Session, alice: User) -> None:
    row = CheckIn(
        id=uuid4(),
        user_id=alice.id,
        on=NOW.date(),
        iso_week=202648,
        mood=99,
        note=SECRET,
        logged_at=NOW,
    )
    session.add(row)
    with pytest.raises(IntegrityError) as raised:
        session.commit()

    log = written(raised.value)
    assert SECRET not in log
    assert "Failing row" not in log
    assert "sqlalchemy.exc.IntegrityError" in log
    assert "test_private_log.py" in log


def test_the_whole_chain_is_logged_without_its_messages() -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError as error:
        log = written(error)

    assert SECRET not in log
    assert log.index("builtins.ValueError") < log.index("builtins.KeyError")
    assert log.count("Traceback (most recent call last):") == 2


def test_of_several_errors_at_once_each_is_logged() -> None:
    log = written(ExceptionGroup(SECRET, [ValueError(SECRET), OSError(28, "No space left")]))

    assert SECRET not in log
    assert "builtins.ValueError" in log
    assert "No space left" in log


def test_what_the_machine_says_is_kept() -> None:
    assert "No space left on device" in written(OSError(28, "No space left on device"))
    assert "the server is gone" in written(psycopg.errors.AdminShutdown("the server is gone"))
    assert SECRET not in written(psycopg.errors.CheckViolation(SECRET))


def test_a_process_that_serves_logs_by_it_with_the_time() -> None:
    program = (
        "import logging, logging.config\n"
        "from app.cli.log_format import LOG_CONFIG\n"
        "logging.config.dictConfig(LOG_CONFIG)\n"
        "for name in ('uvicorn.error', 'asyncio', 'sqlalchemy.pool'):\n"
        "    try:\n"
        f"        int('{SECRET}')\n"
        "    except ValueError:\n"
        "        logging.getLogger(name).exception('Failed')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    lines = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR: Failed", done.stderr, re.M)
    assert len(lines) == 3
    assert done.stderr.count("builtins.ValueError") == 3
    assert SECRET not in done.stderr


def test_a_line_that_anybody_can_cause_is_written_once_a_minute_with_a_count() -> None:
    now = 0.0
    once_a_minute = OnceAMinute(lambda: now)

    def written_line(text: str) -> str | None:
        record = logging.LogRecord("uvicorn.error", logging.WARNING, "", 1, text, None, None)
        return record.getMessage() if once_a_minute.filter(record) else None

    malformed = [written_line("Invalid HTTP request received.") for _each in range(2_413)]
    assert malformed[0] == "Invalid HTTP request received."
    assert set(malformed[1:]) == {None}
    assert written_line("The server is busy.") == "The server is busy."
    now = 61
    again = written_line("Invalid HTTP request received.")
    assert again == "Invalid HTTP request received. (2,412 more since the last such line)"
    assert written_line("The server is busy.") == "The server is busy."


def test_the_log_remembers_only_so_many_lines() -> None:
    once_a_minute = OnceAMinute(lambda: 0.0)
    for number in range(1_000):
        record = logging.LogRecord("strand", logging.ERROR, "", 1, "%d", (number,), None)
        assert once_a_minute.filter(record)
    assert len(once_a_minute._written_at) <= 100


def test_malformed_requests_do_not_fill_the_log_of_a_process_that_serves() -> None:
    program = (
        "import logging, logging.config\n"
        "from app.cli.log_format import LOG_CONFIG\n"
        "logging.config.dictConfig(LOG_CONFIG)\n"
        "for _each in range(500):\n"
        "    logging.getLogger('uvicorn.error').warning('Invalid HTTP request received.')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.count("\n") == 1
