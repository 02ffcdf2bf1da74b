"""The note about blood donation: the catalogue's, the person's own, or none."""

from collections.abc import Sequence

from app.diary.regimen import Item
from app.domain.treatments import Passage
from app.i18n import _


def donation_passages(item: Item) -> Sequence[Passage]:
    """Return the catalogue's passages on blood donation, for the item or its label."""
    passages = (each for treatment in item.catalogue_entries for each in treatment.household_notes)
    return list({each.text: each for each in passages if each.is_donation}.values())


def donation_note(item: Item) -> Sequence[Passage]:
    """Return the blood donation note of the item's page; nothing if the person hid it."""
    known = donation_passages(item)
    if item.donation_note is None or not known:
        return known
    return [Passage(_("Blood donation"), item.donation_note)] if item.donation_note else []
