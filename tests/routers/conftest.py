"""What Alice and Bob take."""

import pytest
from sqlmodel import Session

from app.models import RegimenItem, User
from tests.support.regimens import add


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    """Alice takes 1 mL at 08:00 and at 21:00, every day since her log began."""
    return add(session, alice)


@pytest.fixture
def bobs_item(session: Session, bob: User) -> RegimenItem:
    """The same, but Bob's."""
    return add(session, bob, "Bob's minoxidil")
