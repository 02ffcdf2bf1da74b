"""Describe what items cost a month."""

from datetime import date

from app.diary import Diary
from app.diary.regimen import Item, ItemStanding
from app.domain.costs import sum_of
from app.i18n import _, current, pgettext


def cost_words(diary: Diary, item: Item) -> str:
    """About €21.30 a month; "" if unknown."""
    cost = item.cost_on(diary.today)
    if cost is None or not item.is_current(diary.today):
        return ""
    return _("About {money} a month", money=money(cost, diary.owner.preferences.currency))


def costs_words(diary: Diary) -> str:
    """The total of the items taken now, and how many of them have a price; "" if none has."""
    today = diary.today
    items = diary.regimen.items
    taken = [item for item in items if item.standing_on(today) is ItemStanding.TAKING]
    costs = sum_of(item.cost_on(today) for item in taken)
    if not costs.priced:
        return ""
    about = whole_money(costs.a_month, diary.owner.preferences.currency)
    if costs.priced == costs.items:
        return _("About {money} a month", money=about)
    return _(
        "About {money} a month ({priced} of {items} items have a price)",
        money=about,
        priced=costs.priced,
        items=costs.items,
    )


def money(amount: float, currency: str) -> str:
    """€1,234.50 or EUR 1,234.50; in German 1 234,50 €; without a currency the number alone."""
    return _with_currency(f"{amount:,.2f}", currency)


def whole_money(amount: float, currency: str) -> str:
    """EUR 75: a rounded sum; below 10 with its cents."""
    return _with_currency(f"{amount:,.0f}", currency) if amount >= 10 else money(amount, currency)


def _with_currency(number: str, currency: str) -> str:
    number = current().number(number)
    if not currency:
        return number
    given = {"currency": currency, "number": number}
    if currency[-1].isalpha():
        return pgettext("currency code", "{currency}\N{NO-BREAK SPACE}{number}", **given)
    return pgettext("currency sign", "{currency}{number}", **given)


def package_unit(item: Item, today: date) -> str:
    """Return the unit of the dose, in which a package is counted."""
    dosage = item.dosage_on_or_last(today)
    return dosage.unit if dosage else ""
