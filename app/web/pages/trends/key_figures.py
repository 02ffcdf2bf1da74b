"""The key figures of a span: one number each, how it changed, and what stands behind it.

A change is shown where it is more than chance: more than the person's own counts differ by,
or an interval of the difference of two shares that leaves out zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.diary.log_age import DAYS_FOR_A_SHARE
from app.domain.figures import SHED, Tally
from app.domain.own_noise import is_share_changed
from app.domain.quantities import format_number
from app.domain.shedding import CountMethod, smallest_real_change
from app.language import words
from app.language.shedding_words import METHODS, figure
from app.language.words import _
from app.services.check_ins import Question
from app.web.pages.trends.outcomes import counts_in, mean_words
from app.web.pages.trends.reading import SpanFigures


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number of the span, how it changed, and what stands behind it."""

    name: str
    value: str
    unit: str
    change: str
    direction: str
    basis: str


def key_figures(
    reading: SpanFigures, questions: Sequence[Question], days_of_log: int
) -> Iterator[KeyFigure]:
    """Doses first; then hairs by the method most used, and the symptom of most days.

    In the first week of a log the doses are counted, and no share is made of them.
    """
    is_young = days_of_log < DAYS_FOR_A_SHARE and reading.whole.doses.due
    yield _first_doses_figure(reading, days_of_log) if is_young else _doses_figure(reading)
    method = _main_method(reading)
    if method is not None:
        yield _count_figure(reading, method)
    symptom = _main_symptom(reading, questions)
    if symptom is not None:
        yield _symptom_figure(reading, symptom)


def _first_doses_figure(reading: SpanFigures, days_of_log: int) -> KeyFigure:
    """1/2: how many of the doses due were taken; the share begins after a week."""
    doses = reading.whole.doses
    due = f"/{format_number(doses.due)}"
    basis = _("share shown after {most} days ({days} of {most})").format(
        days=days_of_log, most=DAYS_FOR_A_SHARE
    )
    return KeyFigure(_("Doses taken"), format_number(doses.taken), due, "", "", basis)


def _doses_figure(reading: SpanFigures) -> KeyFigure:
    now, before = reading.whole.doses, reading.before.doses
    share, earlier = now.taken_of_due, before.taken_of_due
    change, direction = "", ""
    if share is not None and earlier is not None and _is_enough(before.due, now.due):
        is_real = is_share_changed(now.taken, now.due, before.taken, before.due)
        change, direction = _changed(round(100 * share) - round(100 * earlier), is_real=is_real)
    value, unit, _rest = words.percent(share).partition("%")
    basis = _("{taken} of {due}").format(taken=format_number(now.taken), due=format_number(now.due))
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
    tally = reading.whole.tallies.get(f"{SHED}{method}")
    if tally is None:
        return _last_count(reading, method, names[method])
    change, direction = "", ""
    earlier = reading.counted_before(method)
    least = (
        smallest_real_change(method, reading.sets[method], tally.n, earlier.n) if earlier else None
    )
    if earlier is not None and least is not None and _is_enough(earlier.n, tally.n):
        difference = round(tally.mean, 1) - round(earlier.mean, 1)
        change, direction = _changed(difference, is_real=abs(tally.mean - earlier.mean) >= least)
    said = METHODS[method]
    basis = words.plural(tally.n, said.reading.lower(), said.readings)
    return KeyFigure(names[method], mean_words(tally.mean), "", change, direction, basis)


def _last_count(reading: SpanFigures, method: CountMethod, name: str) -> KeyFigure:
    """Sets are weeks apart: a span without one shows the last, and its day."""
    last = reading.last_set(method)
    if last is None:
        return KeyFigure(name, "–", "", "", "", _("no count"))
    day = words.dated(last.last_on, reading.span.last)
    return KeyFigure(name, figure(last.mean), "", "", "", _("last count, {day}").format(day=day))


def _symptom_figure(reading: SpanFigures, question: Question) -> KeyFigure:
    now = reading.whole.tallies.get(question.slug)
    before = reading.before.tallies.get(question.slug)
    name = _("{symptom} days").format(symptom=question.name)
    if now is None:
        return KeyFigure(name, "–", "", "", "", _("not asked"))
    change, direction = "", ""
    if before is not None and _is_enough(before.n, now.n):
        usual = before.above_zero / before.n * now.n
        is_real = is_share_changed(now.above_zero, now.n, before.above_zero, before.n)
        change, direction = _changed(round(now.above_zero - usual), is_real=is_real)
    basis = (
        _("{days} of {n} before").format(
            days=format_number(before.above_zero), n=format_number(before.n)
        )
        if before is not None
        else _("{n} asked").format(n=format_number(now.n))
    )
    return KeyFigure(
        name,
        format_number(now.above_zero),
        f"/{format_number(now.n)}",
        change,
        direction,
        basis,
    )


def _is_enough(n_before: int, n: int) -> bool:
    """Whether there is half as much before as now: less makes a change out of chance."""
    return n_before > 0 and 2 * n_before >= n


def _changed(difference: float, *, is_real: bool) -> tuple[str, str]:
    """The size of a change in words, and where it points; neither is good or bad."""
    rounded = round(difference, 1)
    if not rounded or not is_real:
        return _("about the same"), "same"
    return format_number(abs(rounded)), "up" if rounded > 0 else "down"


def _main_method(reading: SpanFigures) -> CountMethod | None:
    """The way of counting that is used most in what is shown."""
    methods = counts_in(reading.keys)
    found = {
        method: sum(each.n(f"{SHED}{method}") for each in reading.points) for method in methods
    }
    return max(methods, key=lambda method: found[method], default=None)


def _main_symptom(reading: SpanFigures, questions: Sequence[Question]) -> Question | None:
    """The symptom of most days, here or before."""
    symptoms = [each for each in questions if each.is_symptom]

    def tallies_of(question: Question) -> list[Tally]:
        both = (reading.whole, reading.before)
        return [part.tallies[question.slug] for part in both if question.slug in part.tallies]

    def days(question: Question) -> int:
        return sum(tally.above_zero for tally in tallies_of(question))

    asked = [each for each in symptoms if tallies_of(each)]
    return max(asked, key=days, default=None)
