"""Symptoms that a person linked to an item, with the item's dose at that time."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.diary import Diary
from app.diary.regimen import Item
from app.domain.symptoms import SEVERITY
from app.i18n import _
from app.language import words
from app.language.dosage_words import amount_a_day_words, dosage_words
from app.services.check_ins import Suspicion, questions_of, suspicions_between


@dataclass(frozen=True, slots=True)
class SuspectLine:
    """A symptom linked to an item at one dose. `detail` says how often and when."""

    item: Item
    symptom: str
    detail: str


def suspects_of(
    diary: Diary, first: date, last: date, item: Item | None = None
) -> list[SuspectLine]:
    """Return the suspicions from `first` to `last`, inclusive: of one item, or of all."""
    found = suspicions_between(diary.session, diary.owner.id, first, last)
    if not found:
        return []
    names = {each.slug: each.name for each in questions_of(diary.session, diary.owner)}
    by_item: defaultdict[UUID, list[Suspicion]] = defaultdict(list)
    for each in found:
        by_item[each.regimen_item_id].append(each)
    wanted = [item] if item is not None else diary.regimen.items
    return [line for each in wanted for line in _lines(diary, each, by_item[each.id], names)]


def _lines(
    diary: Diary, item: Item, found: list[Suspicion], names: dict[str, str]
) -> Iterator[SuspectLine]:
    """Return one line per symptom and dose, in order of first appearance."""
    groups: dict[tuple[str, str], list[Suspicion]] = {}
    for each in found:
        key = (each.symptom, _dose_words(diary, item, each.on))
        groups.setdefault(key, []).append(each)
    for (slug, dose), reports in groups.items():
        yield SuspectLine(item, names.get(slug, slug), _detail(diary, dose, reports))


def _dose_words(diary: Diary, item: Item, on: date) -> str:
    dosage = item.dosage_on(on)
    if dosage is None:
        return ""
    return amount_a_day_words(item, dosage, diary.owner) or dosage_words(item, dosage, diary.owner)


def _detail(diary: Diary, dose: str, reports: list[Suspicion]) -> str:
    """5 days at 2,000 mg a day, last on 14 Nov; severe at worst."""
    days = words.counted("{n} day", "{n} days", len(reports))
    at = _("{days} at {dose}", days=days, dose=dose) if dose else days
    worst = max(each.severity for each in reports)
    return _(
        "{at}, last on {day}; {worst} at worst",
        at=at,
        day=words.dated(reports[-1].on, diary.today),
        worst=SEVERITY.words.get(worst, str(worst)),
    )
