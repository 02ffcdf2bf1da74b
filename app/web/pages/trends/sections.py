"""Shedding, symptoms and scales over a span: each with its sentence, its chart and its table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.diary import Diary
from app.diary.spans import SpanFigures
from app.domain.adherence import Doses
from app.domain.measures import COUNTS, measure_named
from app.domain.quantities import format_number
from app.domain.shedding import CountMethod
from app.domain.spans import SpanKind
from app.domain.unchanged import Unchanged
from app.i18n import _
from app.interchange.csv_cells import Cell
from app.language import words
from app.language.shedding_words import METHODS, set_words
from app.services.check_ins import Question, questions_of
from app.web.pages.trends.charts import OutcomeChart, TimeAxis, outcome_chart
from app.web.pages.trends.outcomes import (
    asked_outcome,
    asked_sentence,
    count_outcome,
    count_sentence,
    scale_words,
)
from app.web.pages.trends.tables import Table, means_table

# Addresses name charts by number, so that no address names a symptom.
DOSES, FIRST_COUNT, ASKED = 0, 1, 10
DECIMALS = 4
# With fewer answers there is no chart: a sentence says more than a dot or two.
FEWEST_ANSWERS = 4


@dataclass(frozen=True, slots=True)
class SectionPart:
    """One outcome of a section: its name, its sentence, its chart and its column.

    `few` says how often it was answered if that is too seldom for a chart.
    """

    name: str
    detail: str
    sentence: str
    chart_sentence: str
    chart: OutcomeChart | None
    column: str
    strip: tuple[tuple[str, str, int | None], ...]
    is_symptom: bool
    number: int
    few: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeSection:
    """Outcomes drawn alike, with the table of their numbers.

    `is_answered`: whether there is any number in the span itself.
    """

    parts: tuple[SectionPart, ...]
    table: Table
    is_answered: bool = True


# By account and span.
_sections = Unchanged(64)


def outcome_sections(
    diary: Diary, reading: SpanFigures, questions: Sequence[Question], time: TimeAxis
) -> tuple[OutcomeSection, OutcomeSection]:
    """Return the sections of hair counts and of the check-in, which no dose changes."""
    place, today, answers = (diary.owner.id, reading.span), diary.today, reading.answers
    return (
        _sections.made(place, shedding_section, today, answers, time),
        _sections.made(place, felt_section, today, answers, questions, time),
    )


def shedding_section(today: date, reading: SpanFigures, time: TimeAxis) -> OutcomeSection:
    """Build the section of hair counts: every method has its own chart."""
    methods = reading.methods
    parts = []
    for method in methods:
        chart = _count_chart(today, reading, method, time)
        parts.append(
            SectionPart(
                name=str(METHODS[method].name),
                detail=str(METHODS[method].unit),
                sentence=(sentence := count_sentence(reading, method)),
                chart_sentence=sentence,
                chart=chart,
                column=str(METHODS[method].name),
                strip=(),
                is_symptom=False,
                number=FIRST_COUNT + list(CountMethod).index(method),
            )
        )
    columns = [(str(METHODS[method].name), COUNTS[method].slug) for method in methods]
    return OutcomeSection(tuple(parts), means_table(reading.points, columns))


def _count_chart(
    today: date, reading: SpanFigures, method: CountMethod, time: TimeAxis
) -> OutcomeChart:
    samples = reading.series_of(COUNTS[method])
    seen = [each for each in samples if time.shows(each.on)]
    outcome = count_outcome(method, seen, by_week=reading.is_by_week)
    chart = outcome_chart(outcome, samples, time)
    if not method.is_standard:
        return chart
    shown = [each for each in reading.sets[method] if time.shows(each.middle)]
    spoken = tuple(
        (
            round(time.middle(each.first_on, each.last_on) / 10, 1),
            set_words(method, each, today),
        )
        for each in shown
    )
    return replace(chart, spoken=spoken)


def felt_section(
    today: date, reading: SpanFigures, questions: Sequence[Question], time: TimeAxis
) -> OutcomeSection:
    """Build the section of the check-in; questions with few answers have no chart."""
    is_week = reading.span.kind is SpanKind.WEEK
    around = reading.shown
    parts = []
    for number, question in enumerate(questions, ASKED):
        outcome = asked_outcome(question, by_week=reading.is_by_week)
        answers = around.n(question.slug)
        samples = reading.series_of(measure_named(question.slug))
        parts.append(
            SectionPart(
                name=question.name,
                detail="" if question.is_symptom else scale_words(question.scale),
                sentence=asked_sentence(question, reading.whole),
                chart_sentence=asked_sentence(question, around),
                chart=outcome_chart(outcome, samples, time) if answers >= FEWEST_ANSWERS else None,
                column=question.name,
                strip=tuple(_week_strip(reading, question)) if is_week else (),
                is_symptom=question.is_symptom,
                number=number,
                few=_few_words(today, reading, answers) if 0 < answers < FEWEST_ANSWERS else "",
            )
        )
    columns = [(question.name, question.slug) for question in questions]
    is_answered = any(question.slug in reading.whole.tallies for question in questions)
    return OutcomeSection(tuple(parts), means_table(reading.points, columns), is_answered)


def _few_words(today: date, reading: SpanFigures, answers: int) -> str:
    """1 day so far."""
    days = words.counted("{n} day", "{n} days", answers)
    is_running = reading.span.last >= today
    return _("{days} so far", days=days) if is_running else days


def questions_in(diary: Diary, reading: SpanFigures) -> tuple[Question, ...]:
    """Return the questions asked, and those answered in the span."""
    return tuple(
        question
        for question in questions_of(diary.session, diary.owner)
        if question.slug in reading.shown.tallies or (question.is_asked and not question.is_private)
    )


def _week_strip(reading: SpanFigures, question: Question) -> Iterator[tuple[str, str, int | None]]:
    """Seven days: the day, the answer, and its shade."""
    for each in reading.points[-7:]:
        mean = each.mean(question.slug)
        shown = "" if mean is None else format_number(mean)
        level = round(mean) if mean is not None and question.is_symptom else None
        yield words.day(each.first), shown, level


def chart_rows(
    diary: Diary, reading: SpanFigures, number: int
) -> Iterator[tuple[Cell, ...]] | None:
    """Return the points of one chart as rows of a file; None if there is no such chart."""
    if number == DOSES:
        return _dose_rows(reading)
    slug = _charted(diary, reading).get(number)
    return None if slug is None else _outcome_rows(reading, slug)


def _charted(diary: Diary, reading: SpanFigures) -> dict[int, str]:
    counted = {place: COUNTS[method].slug for place, method in enumerate(CountMethod, FIRST_COUNT)}
    asked = {
        place: question.slug for place, question in enumerate(questions_in(diary, reading), ASKED)
    }
    return counted | asked


def _dose_rows(reading: SpanFigures) -> Iterator[tuple[Cell, ...]]:
    yield ("starts_on", "ends_on", *Doses._fields, "taken_of_due")
    for each in reading.points:
        doses = each.doses
        if doses.due or doses.extra:
            yield (each.first, each.last, *doses, _rounded(doses.taken_of_due))


def _outcome_rows(reading: SpanFigures, outcome: str) -> Iterator[tuple[Cell, ...]]:
    yield ("starts_on", "ends_on", "mean", "n", "lowest", "highest", "above_zero")
    for each in reading.points:
        tally = each.tallies.get(outcome)
        if tally is not None:
            spread = (tally.lowest, tally.highest, tally.above_zero)
            yield (each.first, each.last, _rounded(tally.mean), tally.n, *spread)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DECIMALS)
