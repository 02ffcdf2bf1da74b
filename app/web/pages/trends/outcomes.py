"""The outcomes followed over time: hair counts, symptoms, and the scales of the check-in."""

from collections.abc import Sequence
from datetime import timedelta

from app.diary.series import SeriesValue
from app.diary.spans import SpanFigures
from app.domain.figures import Figures, Tally
from app.domain.measures import COUNTS, Cadence, measure_named
from app.domain.quantities import format_number
from app.domain.shedding import CountMethod
from app.domain.spans import SpanKind
from app.domain.symptoms import SEVERITY, Scale
from app.i18n import _
from app.language import words
from app.language.shedding_words import METHODS
from app.services.check_ins import Question
from app.web.pages.trends.charts import Axis, FollowedOutcome, counting_axis


def count_outcome(
    method: CountMethod, values: Sequence[SeriesValue], *, by_week: bool
) -> FollowedOutcome:
    """Return hairs by one method: the axis begins at zero."""
    measure = COUNTS[method]
    highest = max((each.highest for each in values), default=0)
    return FollowedOutcome(
        key=measure.slug,
        name=str(METHODS[method].name),
        axis=Axis(1, 6, (1, 2, 3, 4, 5, 6)) if method.is_score else counting_axis(highest),
        half_life=measure.half_life_in(weeks=by_week),
        longest_gap=measure.longest_gap_in(weeks=by_week),
        has_range=by_week or measure.cadence is Cadence.SETS,
    )


def asked_outcome(question: Question, *, by_week: bool) -> FollowedOutcome:
    """Return a symptom or a scale of the check-in, on its own axis."""
    measure, scale = measure_named(question.slug), question.scale
    middle = (scale.lowest + scale.highest) / 2
    return FollowedOutcome(
        key=measure.slug,
        name=question.name,
        axis=Axis(scale.lowest, scale.highest, (scale.lowest, middle, scale.highest)),
        half_life=measure.half_life_in(weeks=by_week),
        longest_gap=measure.longest_gap_in(weeks=by_week),
    )


def mean_words(mean: float) -> str:
    """A mean, to one decimal."""
    return format_number(round(mean, 1))


def count_sentence(reading: SpanFigures, method: CountMethod) -> str:
    """Describe the counts: Mean 41 from 6 mornings, 35 to 47. Previous year: 46 (3 mornings)."""
    tally = reading.whole.tallies.get(COUNTS[method].slug)
    earlier = reading.counted_before(method)
    parts = [_counted(reading, method, tally)]
    if earlier is not None:
        parts.append(
            _(
                "{span}: {mean} ({readings}).",
                span=words.capitalize_first(before_words(reading)),
                mean=mean_words(earlier.mean),
                readings=_readings(method, earlier.n),
            )
        )
    return " ".join(parts)


def before_words(reading: SpanFigures) -> str:
    """Name the previous span: previous 4 weeks, previous 3 months, previous year."""
    match reading.span.kind:
        case SpanKind.WEEK:
            return _("previous 4 weeks")
        case SpanKind.QUARTER:
            return _("previous 3 months")
        case SpanKind.YEAR:
            return _("previous year")
    days = words.counted("{n} day", "{n} days", reading.span.days)
    return _("previous {days}", days=days)


def _counted(reading: SpanFigures, method: CountMethod, tally: Tally | None) -> str:
    if tally is None:
        is_week = reading.span.kind is SpanKind.WEEK
        return _("No count this week.") if is_week else _("No count in this time.")
    said = _(
        "Mean {mean} from {readings}",
        mean=mean_words(tally.mean),
        readings=_readings(method, tally.n),
    )
    if tally.highest > tally.lowest:
        low, high = format_number(tally.lowest), format_number(tally.highest)
        said += _(", {low} to {high}", low=low, high=high)
    return f"{said}."


def _readings(method: CountMethod, n: int) -> str:
    return METHODS[method].sized(n)


def asked_sentence(question: Question, span: Figures) -> str:
    """Describe the answers: "on 3 of 7 days, up to moderate" or "mean 3.9, 7 days"."""
    tally = span.tallies.get(question.slug)
    if tally is None:
        return _("not asked")
    days = words.counted("{n} day", "{n} days", tally.n)
    if not question.is_symptom:
        return _("mean {mean}, {days}", mean=mean_words(tally.mean), days=days)
    said = words.counted(
        "{with_it} of {n} day", "{with_it} of {n} days", tally.n, with_it=tally.above_zero
    )
    if not tally.above_zero:
        return said
    worst = SEVERITY.word(round(tally.highest))
    if span.last - span.first < timedelta(days=1) or tally.above_zero == 1:
        return _("{said}, {worst}", said=said, worst=worst)
    return _("{said}, up to {worst}", said=said, worst=worst)


def scale_words(scale: Scale) -> str:
    """1 very low to 5 very good."""
    return _(
        "{low} {low_word} to {high} {high_word}",
        low=scale.lowest,
        low_word=scale.low_word,
        high=scale.highest,
        high_word=scale.high_word,
    )
