"""The key figures of a span: one number each, its change, and its basis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.diary.comparisons import Difference, compare_days, compare_doses, compare_means
from app.diary.log_age import DAYS_FOR_A_SHARE
from app.diary.spans import SpanFigures
from app.domain.measures import COUNTS
from app.domain.quantities import format_number
from app.domain.shedding import CountMethod
from app.i18n import _
from app.language import words
from app.language.shedding_words import METHODS, figure
from app.services.check_ins import Question
from app.web.pages.trends.outcomes import mean_words


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number of the span, its change, and the values behind it."""

    name: str
    value: str
    unit: str
    change: str
    direction: str
    basis: str


def key_figures(
    reading: SpanFigures, questions: Sequence[Question], days_of_log: int
) -> Iterator[KeyFigure]:
    """Return doses first; then hairs by the main method, and the main symptom.

    In the first week of a log the doses are counted, without a share.
    """
    is_young = days_of_log < DAYS_FOR_A_SHARE and reading.whole.doses.due
    yield _first_doses_figure(reading, days_of_log) if is_young else _doses_figure(reading)
    method = reading.main_method
    if method is not None:
        yield _count_figure(reading, method)
    symptoms = {each.slug: each for each in questions if each.is_symptom}
    symptom = reading.main_symptom(list(symptoms))
    if symptom is not None:
        yield _symptom_figure(reading, symptoms[symptom])


def _first_doses_figure(reading: SpanFigures, days_of_log: int) -> KeyFigure:
    """1/2: the doses taken of those due; the share begins after a week."""
    doses = reading.whole.doses
    due = f"/{format_number(doses.due)}"
    basis = _(
        "share shown after {most} days ({days} of {most})", days=days_of_log, most=DAYS_FOR_A_SHARE
    )
    return KeyFigure(_("Doses taken"), format_number(doses.taken), due, "", "", basis)


def _doses_figure(reading: SpanFigures) -> KeyFigure:
    now, before = reading.whole.doses, reading.before.doses
    change, direction = _changed(compare_doses(now, before))
    value, unit, _rest = words.percent(now.taken_of_due).partition("%")
    basis = _("{taken} of {due}", taken=format_number(now.taken), due=format_number(now.due))
    return KeyFigure(
        _("Doses taken"),
        value,
        unit,
        change,
        direction,
        basis if now.due else _("none due"),
    )


def _count_figure(reading: SpanFigures, method: CountMethod) -> KeyFigure:
    names = {
        CountMethod.SIXTY_SECOND: _("Hairs per comb"),
        CountMethod.WASH: _("Hairs per wash"),
        CountMethod.PICTURE: _("Shed, 1 to 6"),
        CountMethod.DAILY: _("Hairs per day"),
    }
    tally = reading.whole.tallies.get(COUNTS[method].slug)
    if tally is None:
        return _last_count(reading, method, names[method])
    earlier = reading.counted_before(method)
    change, direction = _changed(compare_means(method, reading.sets[method], tally, earlier))
    said = METHODS[method]
    basis = said.sized(tally.n)
    return KeyFigure(names[method], mean_words(tally.mean), "", change, direction, basis)


def _last_count(reading: SpanFigures, method: CountMethod, name: str) -> KeyFigure:
    """Return the last set and its day for a span without one: sets are weeks apart."""
    last = reading.last_set(method)
    if last is None:
        return KeyFigure(name, "–", "", "", "", _("no count"))
    day = words.dated(last.last_on, reading.span.last)
    return KeyFigure(name, figure(last.mean), "", "", "", _("last count, {day}", day=day))


def _symptom_figure(reading: SpanFigures, question: Question) -> KeyFigure:
    now = reading.whole.tallies.get(question.slug)
    before = reading.before.tallies.get(question.slug)
    name = _("{symptom} days", symptom=question.name)
    if now is None:
        return KeyFigure(name, "–", "", "", "", _("not asked"))
    change, direction = _changed(compare_days(now, before))
    basis = (
        _("{days} of {n} before", days=format_number(before.above_zero), n=format_number(before.n))
        if before is not None
        else _("{n} asked", n=format_number(now.n))
    )
    return KeyFigure(
        name,
        format_number(now.above_zero),
        f"/{format_number(now.n)}",
        change,
        direction,
        basis,
    )


def _changed(difference: Difference | None) -> tuple[str, str]:
    """Describe the size and direction of a change; neither direction is good or bad."""
    if difference is None:
        return "", ""
    rounded = round(difference.amount, 1)
    if not rounded or not difference.is_real:
        return _("about the same"), "same"
    return format_number(abs(rounded)), "up" if rounded > 0 else "down"
