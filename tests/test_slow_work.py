"""No password is hashed and no picture decoded while others wait for the write lock.

Every test that has the application looks out for it (`tests/support/turns.py`).
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from app.db import reading, writing
from app.photos.pixels import clean_photo
from app.services.passwords import hash_password
from tests.support.people import PASSWORD
from tests.support.pictures import jpeg
from tests.support.turns import nothing_slow_in_a_turn


def work_while_writing(engine: Engine, work: Callable[[], object]) -> None:
    with nothing_slow_in_a_turn(), writing(engine) as session:
        session.execute(text("SELECT 1"))
        work()


@pytest.mark.parametrize(
    "work", [lambda: hash_password(PASSWORD), lambda: clean_photo(jpeg())], ids=["hash", "decode"]
)
def test_slow_work_in_a_write_transaction_is_found(
    engine: Engine, work: Callable[[], object]
) -> None:
    with pytest.raises(AssertionError, match="in a write transaction"):
        work_while_writing(engine, work)


def test_slow_work_before_after_or_beside_reading_is_fine(engine: Engine) -> None:
    with nothing_slow_in_a_turn():
        with writing(engine) as session:
            hash_password(PASSWORD)
            session.execute(text("SELECT 1"))
            session.commit()
            hash_password(PASSWORD)
        with reading(engine) as session:
            session.execute(text("SELECT 1"))
            hash_password(PASSWORD)
