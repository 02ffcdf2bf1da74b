"""The key figures of a span: one number each, how it changed, and what stands behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.figures import SHED, Tally
from app.domain.quantities import format_number
from app.domain.shedding import CountMethod
from app.services.check_ins import Question
from app.web import words
from app.web.trends.outcomes import counts_in, mean_words
from app.web.trends.reading import Reading
from app.web.words import _


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number of the span, how it changed, and what stands behind it."""

    name: str
    value: str
    unit: str
    change: str
    direction: str
    basis: str


def key_figures(reading: Reading, questions: Sequence[Question]) -> Iterator[KeyFigure]:
    """Doses first; then hairs by the method most used, and the symptom of most days."""
    yield _doses_figure(reading)
    method = _main_method(reading)
    if method is not None:
        yield _count_figure(reading, method)
    symptom = _main_symptom(reading, questions)
    if symptom is not None:
        yield _symptom_figure(reading, symptom)


def _doses_figure(reading: Reading) -> KeyFigure:
    now, before = reading.whole.doses, reading.before.doses
    share, earlier = now.taken_of_due, before.taken_of_due
    value, unit, _rest = words.percent(share).partition("%")
    change, direction = "", ""
    if share is not None and earlier is not None and _is_enough(before.due, now.due):
        change, direction = _changed(round(100 * share) - round(100 * earlier))
    return KeyFigure(
        _("Doses taken"),
        value,
        unit,
        change,
        direction,
        _("{taken} of {due}").format(taken=format_number(now.taken), due=format_number(now.due))
        if now.due
        else _("none due"),
    )


def _count_figure(reading: Reading, method: CountMethod) -> KeyFigure:
    key = f"{SHED}{method}"
    names = {
        CountMethod.SIXTY_SECOND: _("Hairs a comb"),
        CountMethod.WASH: _("Hairs a wash"),
        CountMethod.PICTURE: _("Shed, 1 to 6"),
        CountMethod.DAILY: _("Hairs a day"),
    }
    mean, earlier = reading.whole.mean(key), reading.before.mean(key)
    change, direction = "", ""
    n, n_before = reading.whole.n(key), reading.before.n(key)
    if mean is not None and earlier is not None and _is_enough(n_before, n):
        change, direction = _changed(round(mean, 1) - round(earlier, 1))
    return KeyFigure(
        names[method],
        "–" if mean is None else mean_words(mean),
        "",
        change,
        direction,
        words.plural(n, _("reading"), _("readings")) if n else _("no count"),
    )


def _symptom_figure(reading: Reading, question: Question) -> KeyFigure:
    now = reading.whole.tallies.get(question.slug)
    before = reading.before.tallies.get(question.slug)
    name = _("{symptom} days").format(symptom=question.name)
    if now is None:
        return KeyFigure(name, "–", "", "", "", _("not asked"))
    change, direction = "", ""
    if before is not None and _is_enough(before.n, now.n):
        usual = before.above_zero / before.n * now.n
        change, direction = _changed(round(now.above_zero - usual))
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


def _changed(difference: float) -> tuple[str, str]:
    """The size of a change in words, and where it points; neither is good or bad."""
    rounded = round(difference, 1)
    if not rounded:
        return _("as before"), "same"
    return format_number(abs(rounded)), "up" if rounded > 0 else "down"


def _main_method(reading: Reading) -> CountMethod | None:
    """The way of counting that is used most in what is shown."""
    methods = counts_in(reading.keys)
    found = {
        method: sum(each.n(f"{SHED}{method}") for each in reading.points) for method in methods
    }
    return max(methods, key=lambda method: found[method], default=None)


def _main_symptom(reading: Reading, questions: Sequence[Question]) -> Question | None:
    """The symptom of most days, here or before."""
    symptoms = [each for each in questions if each.is_symptom]

    def tallies_of(question: Question) -> list[Tally]:
        both = (reading.whole, reading.before)
        return [part.tallies[question.slug] for part in both if question.slug in part.tallies]

    def days(question: Question) -> int:
        return sum(tally.above_zero for tally in tallies_of(question))

    asked = [each for each in symptoms if tallies_of(each)]
    return max(asked, key=days, default=None)
