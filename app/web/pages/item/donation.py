"""The note about blood donation: the catalogue's, the person's own, or none."""

from collections.abc import Sequence

from app.diary.regimen import Item
from app.domain.treatments import Passage
from app.i18n import _


def donation_passages(item: Item) -> Sequence[Passage]:
    """What the catalogue says about blood donation, of the item and of what its label names."""
    passages = (each for treatment in item.catalogue_entries for each in treatment.household_notes)
    return list({each.text: each for each in passages if each.is_donation}.values())


def donation_note(item: Item) -> Sequence[Passage]:
    """What the item's page shows about blood donation; nothing where the person hid it."""
    known = donation_passages(item)
    if item.donation_note is None or not known:
        return known
    return [Passage(_("Blood donation"), item.donation_note)] if item.donation_note else []
