"""Make sure that deleted data is gone, even on a server that runs for a year.

A file is removed only if a record says so: a deletion in the history, a deleted account, or the
marker of an interrupted upload. A database restored from an older backup does not know the newer
photos and accounts, and must not lose their files.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.models import DeletedAccount, ProgressPhoto, SetUpLink, SignIn, User
from app.models.sign_in import AT_MOST, IDLE_FOR
from app.photos.store import PhotoStore
from app.services.activity import delete_old_activity
from app.services.deletions import erase_deleted_photos
from app.services.history import purge
from app.services.reminders import delete_old_reminders


def delete_expired_rows(session: Session, now: datetime) -> None:
    """Delete expired rows: history, log, sign-ins, set-up links. The caller commits."""
    purge(session, now)
    delete_old_activity(session, now)
    delete_old_reminders(session, now)
    last_seen, created = col(SignIn.last_seen_at), col(SignIn.created_at)
    session.execute(
        delete(SignIn).where((last_seen <= now - IDLE_FOR) | (created <= now - AT_MOST))
    )
    session.execute(delete(SetUpLink).where(col(SetUpLink.expires_at) <= now))


def accounts_to_erase(session: Session) -> list[UUID]:
    """Return deleted accounts whose text may remain in the database's files."""
    is_left = col(DeletedAccount.is_erased).is_(False)
    return list(session.exec(select(DeletedAccount.account_id).where(is_left)))


def note_erased(session: Session, account_ids: Sequence[UUID]) -> None:
    """Record that the database's files hold no text of these accounts. The caller commits."""
    of_these = col(DeletedAccount.account_id).in_(account_ids)
    session.execute(update(DeletedAccount).where(of_these).values(is_erased=True))


def remove_files(
    session: Session, store: PhotoStore, now: datetime, *, uploads_before: datetime
) -> Iterator[OSError]:
    """Remove the files of deleted photos and accounts, and of interrupted uploads.

    Uploads that began before `uploads_before` must have ended. Yields what cannot be removed.
    """
    try:
        erase_deleted_photos(session, store, now)
    except OSError as error:
        yield error
    for account_id in set(session.exec(select(DeletedAccount.account_id))) - _accounts(session):
        try:
            store.remove_all(account_id)
        except OSError as error:
            yield error
    try:
        for user_id, photo_id in store.interrupted(uploads_before):
            store.settle(
                user_id, photo_id, is_kept=session.get(ProgressPhoto, photo_id) is not None
            )
    except OSError as error:
        yield error


def folders_without_account(session: Session, store: PhotoStore) -> int:
    """Count the photo folders of no account; an older backup may have been restored."""
    return len(store.accounts() - _accounts(session))


def _accounts(session: Session) -> set[UUID]:
    return set(session.exec(select(User.id)))
