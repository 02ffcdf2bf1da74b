"""Pairs of a regimen to be taken hours apart: items with items and with other medicines."""

from uuid import UUID

from app.diary.diary import Diary
from app.diary.regimen import Item, ItemStanding
from app.domain.hours_apart import (
    OwnRule,
    Pairs,
    Side,
    days_looked_at,
    moments_every_day,
    moments_of_plan,
    pairs_to_space,
)
from app.models import ApartRule, Medicine


def pairs_of(diary: Diary) -> Pairs:
    """Read the pairs of everything taken now or soon, in two queries besides the regimen."""
    items = [_side_of_item(diary, item) for item in diary.regimen.items]
    others = [
        _side_of_medicine(diary, each)
        for each in diary.session.exec(Medicine.owned_by(diary.owner.id))
        if each.ends_on is None or each.ends_on >= diary.today
    ]
    rules = [
        OwnRule(each.id, each.first_id, each.second_id, each.hours, each.note)
        for each in diary.session.exec(ApartRule.owned_by(diary.owner.id))
    ]
    return pairs_to_space([side for side in items if side is not None], others, rules)


def is_too_close(diary: Diary, side_id: UUID) -> bool:
    """Whether a time of this item or medicine is closer to another than recommended."""
    return bool(pairs_of(diary).of(side_id).too_close)


def _side_of_item(diary: Diary, item: Item) -> Side | None:
    """Return an item that is taken now, or has times in the days to come."""
    first, last = days_looked_at(diary.today)
    moments = moments_of_plan(item.plan, first, last, diary.owner.day_starts_time)
    if not moments and item.standing_on(diary.today) is not ItemStanding.TAKING:
        return None
    substances = frozenset(held.substance for held in item.label)
    return Side(item.id, item.name, moments, item.catalogue_entries, substances=substances)


def _side_of_medicine(diary: Diary, medicine: Medicine) -> Side:
    first, last = days_looked_at(diary.today)
    begins, ends = max(first, medicine.starts_on or first), min(last, medicine.ends_on or last)
    starts = diary.owner.day_starts_time
    moments = moments_every_day(medicine.times, begins, ends, starts)
    return Side(medicine.id, medicine.name, moments, kind=medicine.kind)
