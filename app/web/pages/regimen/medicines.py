"""The other medicines as lines of a list."""

from dataclasses import dataclass

from app.diary import Diary
from app.domain.hours_apart import OTHER_KINDS
from app.i18n import _
from app.language import words
from app.models import Medicine
from app.web.http.visit import Visit


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """Another medicine: its name, and kind, times and days in words."""

    name: str
    detail: str
    url: str
    is_over: bool


def medicine_lines(visit: Visit) -> list[MedicineLine]:
    """Return the medicines taken now or later, then those no longer taken."""
    lines = [
        _line(visit, each)
        for each in visit.diary.session.exec(Medicine.owned_by(visit.diary.owner.id))
    ]
    return sorted(lines, key=lambda line: line.is_over)


def times_words(medicine: Medicine) -> str:
    """07:00 and 19:00."""
    return words.joined([words.clock(at) for at in medicine.times])


def _line(visit: Visit, medicine: Medicine) -> MedicineLine:
    kind = str(OTHER_KINDS.get(medicine.kind, ""))
    kind = "" if kind == medicine.name else kind
    parts = [times_words(medicine), kind, _days(visit.diary, medicine), medicine.note]
    return MedicineLine(
        name=medicine.name,
        detail=" · ".join(part for part in parts if part),
        url=visit.paths("edit_medicine", medicine_id=medicine.id),
        is_over=medicine.ends_on is not None and medicine.ends_on < visit.diary.today,
    )


def _days(diary: Diary, medicine: Medicine) -> str:
    first = words.dated(medicine.starts_on, diary.today) if medicine.starts_on else ""
    last = words.dated(medicine.ends_on, diary.today) if medicine.ends_on else ""
    if first and last:
        return _("{first} to {last}", first=first, last=last)
    if first:
        return _("since {day}", day=first)
    return _("until {day}", day=last) if last else ""
