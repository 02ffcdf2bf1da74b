"""Say how much of an item is left, how long it lasts, and what is not known."""

from datetime import date

from app.diary.supply import Supply
from app.domain.conversions import PIECES
from app.domain.quantities import format_amount, format_number, unit_word
from app.domain.supply import Ending
from app.i18n import _, ngettext
from app.language import words

# From here on one decimal is enough: 1333 mg of capsules with 667 mg are 1.9985 of them.
SHORT_FROM = 10


def stock_words(supply: Supply) -> str:
    """54 capsules."""
    return supply_amount(supply.stock.left, supply.stock.unit)


def supply_amount(amount: float, unit: str) -> str:
    """Write an amount without the digits that conversions leave."""
    return format_amount(_rounded(amount), unit)


def days_left_words(days: int) -> str:
    """5 days left."""
    return words.counted("{n} day left", "{n} days left", days)


def days_left_unit(days: int) -> str:
    """Return the words beside the number."""
    return ngettext("day left", "days left", days)


def runs_out_words(supply: Supply) -> str:
    """Runs out on Tuesday, 15 December; without a day, why there is none."""
    on = supply.outlook.runs_out_on
    if on is not None and on <= supply.today:
        return _("Not enough for today")
    if on is not None:
        return _("Runs out on {day}", day=words.day_of_month(on))
    return ending_words(supply)


def ending_words(supply: Supply) -> str:
    """Say why a supply has no day on which it runs out."""
    stock, item = supply.stock, supply.item
    if stock.other_units:
        units = words.joined(sorted(map(unit_word, stock.other_units)))
        return _(
            "Some packs or doses are in {units}, and Strand can’t tell how many {unit} that is.",
            units=units,
            unit=unit_word(stock.unit),
        )
    if stock.unknown:
        return words.counted(
            "{n} dose since then has no amount, so the rest can’t be worked out.",
            "{n} doses since then have no amount, so the rest can’t be worked out.",
            stock.unknown,
        )
    match supply.outlook.ending:
        case Ending.NOTHING_PLANNED:
            return _("Nothing is planned, so none of it is used.")
        case Ending.NO_LIMIT:
            return _no_limit_words(supply)
        case Ending.OTHER_UNIT:
            dosage = item.dosage_on_or_last(supply.today)
            return cannot_convert(dosage.unit if dosage else "", stock.unit)
        case _ if item.ends_on is not None:
            return _("Lasts to the last day, {day}.", day=words.day(item.ends_on))
        case _:
            return _("Lasts more than three years, or as long as is planned.")


def cannot_convert(dose_unit: str, unit: str) -> str:
    """Say which fact is missing to count a dose in the unit of a pack."""
    if unit in PIECES:
        return _(
            "The dose is in {dose_unit}. Enter how much one capsule or tablet holds.",
            dose_unit=unit_word(dose_unit),
        )
    return _(
        "The dose is in {dose_unit}, and Strand can’t tell how many {unit} that is.",
        dose_unit=unit_word(dose_unit),
        unit=unit_word(unit),
    )


def _no_limit_words(supply: Supply) -> str:
    """Enough for 20 doses of 400 mg: nothing limits how often it is taken."""
    dosage = supply.item.dosage_on_or_last(supply.today)
    usual = dosage.timing.usual_amount if dosage else None
    if dosage is None or usual is None:
        return _("Nothing says how much of it is taken.")
    dose = supply.measures.convert(usual, dosage.unit, supply.stock.unit)
    if not dose:
        return cannot_convert(dosage.unit, supply.stock.unit)
    return words.counted(
        "Enough for {n} dose of {amount}",
        "Enough for {n} doses of {amount}",
        int(supply.stock.left / dose + 1e-6),
        amount=format_amount(usual, dosage.unit),
    )


def pack_words(packs: int, amount: float, unit: str) -> str:
    """120 capsules; 2 packs of 60 mL."""
    of_one = supply_amount(amount, unit)
    return of_one if packs == 1 else _("{packs} × {amount}", packs=packs, amount=of_one)


def to_buy_words(packs: int, amount: float, unit: str) -> str:
    """1 pack of 120 capsules."""
    return words.counted(
        "{n} pack of {amount}", "{n} packs of {amount}", packs, amount=supply_amount(amount, unit)
    )


def ordered_words(supply: Supply) -> str:
    """Ordered on 21 November; "" if nothing is on its way."""
    days = [each.ordered_on for each in supply.on_its_way if each.ordered_on]
    if not supply.is_ordered:
        return ""
    return _("Ordered on {day}", day=_short(min(days), supply.today)) if days else _("Ordered")


def number_left(amount: float) -> str:
    """Write the number of a stock without its unit."""
    return format_number(_rounded(amount))


def _rounded(amount: float) -> float:
    return round(amount, 1 if amount >= SHORT_FROM else 2)


def _short(on: date, today: date) -> str:
    return words.dated(on, today)
