"""The small card on a day's page that leads to the counts."""

from dataclasses import dataclass
from datetime import date

from app.diary.next_count import next_count
from app.domain.shedding import SET_SIZES
from app.i18n import _
from app.language import words
from app.language.shedding_words import METHODS, figure
from app.web.http.visit import Visit


@dataclass(frozen=True, slots=True)
class SheddingTile:
    """The last count, or the reading that is due."""

    strong: str
    detail: str
    url: str


def shedding_tile(visit: Visit, on: date) -> SheddingTile | None:
    """Read the tile in one query; None on days that cannot be written."""
    if not visit.diary.may_edit(on) or on > visit.diary.today:
        return None
    count = next_count(visit.diary, on)
    method, latest, said = count.method, count.latest, METHODS[count.method]
    to_count = visit.paths("edit_count", on=on, method=method)
    if latest is None:
        return SheddingTile(_("Count hairs"), _("{way}, three mornings", way=said.name), to_count)
    last = _(
        "{mean} {unit}, {day}",
        mean=figure(latest.mean),
        unit=said.unit,
        day=words.dated(latest.last_on, visit.diary.today),
    )
    if not count.is_due:
        day = words.dated(latest.last_on, visit.diary.today)
        unit = _("{unit}, {day}", unit=said.unit, day=day)
        return SheddingTile(figure(latest.mean), unit, visit.paths("index_shedding"))
    if count.is_begun:
        place = _(
            "{name} {place} of {size}",
            name=said.reading,
            place=latest.days + 1,
            size=SET_SIZES[method],
        )
        return SheddingTile(place, _("So far {last}", last=last), to_count)
    return SheddingTile(_("Count hairs"), _("Last {last}", last=last), to_count)
