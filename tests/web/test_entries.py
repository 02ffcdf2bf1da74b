"""What a form says is saved as a whole, or the form comes back."""

import pytest
from pydantic import BaseModel
from sqlmodel import Session

from app.errors import NotFound, Refused
from app.models import User
from app.web.http.entries import Saving
from app.web.http.reading import Submission
from tests.support.databases import Rows


class NameForm(BaseModel):
    name: str


TYPED = Submission(NameForm(name="Alicia"), {"name": "Alicia"})
UNREADABLE: Submission[NameForm] = Submission(None, {"name": ""}, {"name": "Fill this in."})


def rename(session: Session, user: User, name: str) -> None:
    user.name = name
    session.add(user)
    session.flush()


def test_what_a_form_says_is_committed(session: Session, alice: User, rows: Rows) -> None:
    with Saving(session, TYPED) as entry:
        rename(session, alice, entry.form.name)
    assert entry.is_saved
    assert [each.name for each in rows(User)] == ["Alicia"]


def test_a_rule_that_refuses_leaves_nothing_of_a_form_behind(
    session: Session, alice: User, rows: Rows
) -> None:
    with Saving(session, TYPED) as entry:
        rename(session, alice, entry.form.name)
        raise Refused("Another person has this name.", "name")
    session.commit()
    assert not entry.is_saved
    assert [each.name for each in rows(User)] == ["Alice"]


def test_a_refused_form_comes_back_with_what_was_typed_and_the_reason(session: Session) -> None:
    with Saving(session, TYPED) as entry:
        raise Refused("Another person has this name.", "name")
    assert entry.submission.form is None
    assert entry.submission.values == {"name": "Alicia"}
    assert entry.submission.errors == {"name": "Another person has this name."}


def test_a_form_that_cannot_be_read_comes_back_as_it_is(session: Session, alice: User) -> None:
    with Saving(session, UNREADABLE) as entry:
        rename(session, alice, entry.form.name)
    assert entry.submission is UNREADABLE
    assert (alice.name, entry.is_saved) == ("Alice", False)


def test_any_other_error_is_not_for_the_form(session: Session) -> None:
    with pytest.raises(NotFound), Saving(session, TYPED):
        raise NotFound
