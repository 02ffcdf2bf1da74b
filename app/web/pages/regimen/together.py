"""What a new item adds to today's totals, compared with the upper levels."""

from dataclasses import dataclass

from app.diary import Diary
from app.diary.totals import totals_today
from app.domain.catalogue import SUBSTANCES, Treatment
from app.domain.quantities import format_amount, format_number, from_micrograms
from app.i18n import _
from app.services.items import label_from_catalogue
from app.web.pages.charts.geometry import Limit
from app.web.pages.item.contents import limits_of, of_levels


@dataclass(frozen=True, slots=True)
class Together:
    """A meter: the total with the usual dose, the present total in percent, and the addition."""

    amount: str
    of: str
    share: float
    added: float
    limits: tuple[Limit, ...]
    sentence: str


def together_with(diary: Diary, treatment: Treatment | None) -> Together | None:
    """Return the meter for a treatment's usual dose; None if its substance has no levels."""
    if treatment is None:
        return None
    a_day = sum(line.amount for line in treatment.usual.times) or treatment.usual.amount
    for label in label_from_catalogue(treatment.id, treatment.usual.unit):
        substance = SUBSTANCES.get(label.substance)
        if substance is None or not substance.limits:
            continue
        added = from_micrograms(label.mass_ug * a_day / label.per_amount, substance.unit)
        now = totals_today(diary).amount_of(substance.slug)
        levels = substance.shown_limits
        top = max(levels[-1].amount, now + added) * 8 / 7
        return Together(
            amount=format_number(round(now + added, 2)),
            of=of_levels(levels, substance.unit),
            share=round(100 * now / top, 1),
            added=round(100 * added / top, 1),
            limits=limits_of(levels, top),
            sentence=_(
                "{now} now and {added} from the usual dose of this. {note}",
                now=format_amount(round(now, 2), substance.unit),
                added=format_amount(round(added, 2), substance.unit),
                note=levels[0].note,
            ).strip(),
        )
    return None
