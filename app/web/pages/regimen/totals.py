"""The daily totals of all items, by substance, compared with the levels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.diary import Diary
from app.diary.totals import has_changed_unit, totals_today
from app.domain.catalogue import Source, Substance, UpperLevel
from app.domain.quantities import (
    format_amount,
    format_number,
    from_micrograms,
    unit_word,
    with_units_of_vitamin_d,
)
from app.domain.substance_totals import Part, SubstanceTotal
from app.domain.treatments import Passage
from app.i18n import _, lazy
from app.language import words
from app.web.http.visit import Visit
from app.web.pages.charts.geometry import Limit
from app.web.pages.item.contents import level_words, limits_of, of_levels


@dataclass(frozen=True, slots=True)
class PartLine:
    """An item that adds to a total."""

    name: str
    url: str
    amount: str


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One substance: its meter, its parts, and the notes about it."""

    name: str
    amount: str
    of: str
    share: float
    limits: tuple[Limit, ...]
    parts: tuple[PartLine, ...]
    above: str
    sentence: str
    sentence_sources: tuple[Source, ...]
    notes: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class TotalsPage:
    """Every substance in the items, and what no total counts."""

    totals: tuple[TotalLine, ...]
    none_in_any: str
    not_counted: tuple[str, ...]


def totals_page(visit: Visit) -> TotalsPage:
    """Add up today's regimen."""
    totals = totals_today(visit.diary)
    names = words.joined(list(totals.none_in_any))
    return TotalsPage(
        totals=tuple(_line(visit, total) for total in totals.substances),
        none_in_any=_("{substances}: none in your items.", substances=_capital(names))
        if names
        else "",
        not_counted=tuple(
            sentence.of(items=words.joined([item.name for item in items]))
            for items, sentence in (
                (totals.as_needed, lazy("Taken as needed, so not counted: {items}.")),
                (totals.on_hold, lazy("On hold, so not counted: {items}.")),
                (
                    totals.unlabelled,
                    lazy("Not counted, because no label figure is entered: {items}."),
                ),
            )
            if items
        ),
    )


def totals_line(diary: Diary) -> str:
    """Summarize notable totals, for the line that leads to the page; "" if there are none."""
    notable = [_notable(diary, total) for total in totals_today(diary).notable]
    if not notable:
        return ""
    if len(notable) == 1:
        return notable[0]
    return _("{first}; and {count} more", first=notable[0], count=format_number(len(notable) - 1))


def _notable(diary: Diary, total: SubstanceTotal) -> str:
    name, amount = total.substance.name, _amount(diary, total.substance, total.amount)
    if total.levels_passed:
        above = _above(total.levels_passed)
        return _("{name}: {amount} a day, {above}", name=name, amount=amount, above=above)
    return _("{name}: {amount} a day, with a note", name=name, amount=amount)


def _line(visit: Visit, total: SubstanceTotal) -> TotalLine:
    substance = total.substance
    levels = substance.shown_limits
    top = max([total.amount, *(level.amount for level in levels)]) * 8 / 7
    highest = total.highest_reached
    return TotalLine(
        name=str(substance.name),
        amount=format_number(round(total.amount, 2)),
        of=of_levels(levels, substance.unit) if levels else unit_word(substance.unit),
        share=round(100 * total.amount / top, 1),
        limits=limits_of(levels, top),
        parts=tuple(_part(visit, substance, part) for part in total.parts),
        above=_above(total.levels_passed),
        sentence=str(highest.sentence) if highest else "",
        sentence_sources=highest.sources if highest else (),
        notes=tuple(_notes(substance)),
    )


def _notes(substance: Substance) -> Iterator[Passage]:
    """Yield the levels, then other notes about the substance."""
    for level in sorted(substance.upper_levels, key=lambda level: level.amount):
        yield Passage("", level_words(level), sources=level.sources)
    if substance.note:
        yield Passage("", substance.note, sources=substance.note_sources)


def _part(visit: Visit, substance: Substance, part: Part) -> PartLine:
    item = visit.diary.regimen.by_id[part.item_id]
    held = _amount(visit.diary, substance, from_micrograms(part.micrograms, substance.unit))
    said = lazy("{amount} a day on average") if part.is_averaged else lazy("{amount} a day")
    url = visit.paths("show_regimen_item", regimen_item_id=item.id)
    text = said.of(amount=held)
    if has_changed_unit(item):
        text = _("{text}; its unit has changed, so check its label", text=text)
    return PartLine(item.name, url, text)


def _amount(diary: Diary, substance: Substance, amount: float) -> str:
    rounded = round(amount, 2)
    if substance.slug == "vitamin_d":
        leading = diary.owner.preferences.vitamin_unit.value
        return with_units_of_vitamin_d(rounded, substance.unit, leading=leading)
    return format_amount(rounded, substance.unit)


def _above(levels: Iterable[UpperLevel]) -> str:
    """Above the EFSA level of 250 mg; above the levels of EFSA (25 mg) and NASEM (40 mg)."""
    by_amount: dict[str, list[str]] = {}
    for level in levels:
        amount = format_amount(level.amount, level.unit)
        by_amount.setdefault(amount, []).append(level.authority)
    if not by_amount:
        return ""
    if len(by_amount) == 1:
        ((amount, authorities),) = by_amount.items()
        who = words.joined(authorities)
        return _("above the {who} level of {amount}", who=who, amount=amount)
    each = [f"{words.joined(who)} ({amount})" for amount, who in by_amount.items()]
    return _("above the levels of {each}", each=words.joined(each))


def _capital(text: str) -> str:
    return words.capitalize_first(text)
