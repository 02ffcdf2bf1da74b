"""The code of a set-up link, as a start prints it."""

from datetime import datetime

from sqlalchemy import Engine

from app.db import writing
from app.services.set_up import new_set_up_code


def printed_code(engine: Engine, now: datetime) -> str:
    """Start without an account: what the link ends with."""
    with writing(engine) as session:
        code = new_set_up_code(session, now)
        session.commit()
    return code
