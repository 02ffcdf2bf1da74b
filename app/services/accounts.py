"""Create, rename and delete accounts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.domain.logical_dates import zone_named
from app.domain.names import exact_key, mixes_alphabets, name_key
from app.errors import Refused
from app.i18n import _, lazy
from app.models import DeletedAccount, SignIn, User
from app.services.history import Decision, lock_user
from app.services.passwords import check_password_is_strong, hash_password
from app.services.preferences import SettingsInput, save_settings
from app.services.set_up import end_set_up, use_set_up_code

NAME_TAKEN = lazy("This name, or one that looks like it, is taken.")


class AccountInput(BaseModel):
    """The first values of an account."""

    name: str
    password: str
    time_zone: str = "UTC"
    language: str | None = None


def create_account(
    session: Session, account: AccountInput, now: datetime, *, set_up_code: str | None = None
) -> User:
    """Create an account; the first one needs the code of its set-up link.

    Raises `Refused` for a taken name, a weak password or an invalid code. The password is hashed
    before the session is used, so that no lock is held meanwhile. Callers without the right to an
    account are refused earlier (`check_set_up_code`).
    """
    name = " ".join(account.name.split())
    _check_name(name)
    check_password_is_strong(account.password, name)
    password_hash = hash_password(account.password)
    if set_up_code is not None:
        use_set_up_code(session, set_up_code, now)
    if session.exec(User.named(name)).first() is not None:
        raise Refused(NAME_TAKEN, "name")
    user = User(
        name=name,
        name_key=name_key(name),
        password_hash=password_hash,
        time_zone=account.time_zone,
        began_on=now.astimezone(zone_named(account.time_zone)).date(),
        created_at=now,
    )
    user.began_on = user.today(now)
    user.preferences.language = account.language
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(NAME_TAKEN, "name") from error
    end_set_up(session)
    return user


def _check_name(name: str) -> None:
    if not name_key(name):
        raise Refused(_("Choose a name to sign in with."), "name")
    if mixes_alphabets(name):
        raise Refused(_("Write each word of the name in one alphabet."), "name")


def outdated_name_keys(session: Session) -> dict[UUID, str]:
    """Find accounts whose name key is outdated, with their new keys.

    If names of older accounts look alike, every spelling means the oldest of them; the others are
    found only by their own spelling, in any case.
    """
    taken: set[str] = set()
    outdated = {}
    for user in session.exec(User.oldest_first()):
        key = name_key(user.name)
        key = exact_key(user.name) if key in taken else key
        taken.add(key)
        if user.name_key != key:
            outdated[user.id] = key
    return outdated


def renew_name_keys(session: Session, keys: Mapping[UUID, str]) -> None:
    """Give accounts new keys, unique at every step. The caller commits."""
    for keyed in ({user_id: f" {user_id}" for user_id in keys}, keys):
        for user_id, key in keyed.items():
            session.execute(update(User).where(col(User.id) == user_id).values(name_key=key))


def set_password(session: Session, user: User, password_hash: str) -> None:
    """Set a password and end every sign-in; a sign-in in progress fails."""
    lock_user(session, user.id)
    user.password_hash = password_hash
    session.add(user)
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user.id))


def delete_account(session: Session, user_id: UUID, now: datetime) -> None:
    """Delete an account with all its rows. The caller deletes its files after the commit."""
    session.add(DeletedAccount(account_id=user_id, deleted_at=now))
    session.execute(delete(User).where(col(User.id) == user_id))


def rename(session: Session, user: User, name: str, decision: Decision) -> None:
    """Change the name that a person signs in with; raise `Refused` if it is taken."""
    _check_name(name)
    others = session.scalars(User.named(name).with_only_columns(col(User.id)))
    if set(others) - {user.id}:
        raise Refused(NAME_TAKEN, "name")
    try:
        save_settings(session, user, SettingsInput(name=name), decision)
    except IntegrityError as error:
        raise Refused(NAME_TAKEN, "name") from error
