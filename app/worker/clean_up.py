"""Remove deleted data for good: at startup, every hour and every day.

Messages about a start are in the language of the terminal. Messages that can appear at any hour are
lines of the log, in English.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.db import empty_write_ahead_log, erase_deleted, reading, writing
from app.language.words import counted
from app.photos.store import PhotoStore
from app.services.clean_up import (
    accounts_to_erase,
    delete_expired_rows,
    folders_without_account,
    note_erased,
    remove_files,
)
from app.worker.loop import Work

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def clean_up(engine: Engine, store: PhotoStore) -> list[Work]:
    """Remove expired rows every day, and deleted text and files every hour."""
    return [
        Work(lambda now: clean_up_rows(engine, now), A_DAY),
        Work(lambda _now: clean_up_database(engine), AN_HOUR),
        Work(lambda now: clean_up_files(engine, store, now, uploads_before=now - AN_HOUR), AN_HOUR),
    ]


def clean_up_at_start(engine: Engine, store: PhotoStore, now: datetime) -> None:
    """Remove files of uploads that the last stop interrupted; report photos without an account.

    No other process may serve this installation: it could have an upload running.
    """
    clean_up_files(engine, store, now, uploads_before=now + AN_HOUR)
    with reading(engine) as session:
        strays = folders_without_account(session, store)
    if strays:
        _say(
            counted(
                "{n} photo folder belongs to no account in {folder}, perhaps because an older "
                "backup was restored. Delete any you don’t need.",
                "{n} photo folders belong to no account in {folder}, perhaps because an older "
                "backup was restored. Delete any you don’t need.",
                strays,
                folder=store.folder.absolute(),
            )
        )


def clean_up_files(
    engine: Engine, store: PhotoStore, now: datetime, *, uploads_before: datetime
) -> None:
    """Remove the files of deleted photos and accounts; report files that cannot be removed."""
    with reading(engine) as session:
        for error in remove_files(session, store, now, uploads_before=uploads_before):
            _say(f"Deleted photos could not be removed ({error}). Strand tries again in an hour.")


def clean_up_rows(engine: Engine, now: datetime) -> None:
    """Delete rows that have expired."""
    with writing(engine) as session:
        delete_expired_rows(session, now)
        session.commit()


def clean_up_database(engine: Engine) -> None:
    """Erase deleted data from the database files; report if that has to wait.

    The files are rewritten only if the deletion of an account could not do it.
    """
    with reading(engine) as session:
        account_ids = accounts_to_erase(session)
    try:
        is_erased = erase_deleted(engine) if account_ids else empty_write_ahead_log(engine)
        reason = ", because they are in use"
    except SQLAlchemyError as error:
        is_erased, reason = False, f" ({getattr(error, 'orig', error)})"
    if not is_erased:
        _say(
            f"Deleted text could not be erased from the database files yet{reason}. "
            "Strand tries again in an hour."
        )
    elif account_ids:
        with writing(engine) as session:
            note_erased(session, account_ids)
            session.commit()


def _say(line: str) -> None:
    print(line, flush=True)
