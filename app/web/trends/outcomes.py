"""What can be followed over time: counts of hair, symptoms, and the scales of the check-in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from app.domain.figures import SHED, Figures
from app.domain.quantities import format_number
from app.domain.shedding import CountMethod
from app.domain.symptoms import SEVERITY, Scale
from app.services.check_ins import Question
from app.web import words
from app.web.shedding_words import METHODS
from app.web.trends.charts import Axis, Outcome, counting_axis
from app.web.words import _

MONTH = timedelta(days=28)
# Sets are weeks apart, a free count is made daily: the line has to bridge what is usual.
COUNT_GAPS: Mapping[CountMethod, timedelta] = MappingProxyType(
    {
        CountMethod.SIXTY_SECOND: timedelta(days=70),
        CountMethod.WASH: timedelta(days=100),
        CountMethod.PICTURE: timedelta(days=42),
        CountMethod.DAILY: timedelta(days=14),
    }
)
HALF_LIFE_BY_DAY = timedelta(days=7)
HALF_LIFE_BY_WEEK = HALF_LIFE_OF_SETS = MONTH


def counts_in(keys: Collection[str]) -> list[CountMethod]:
    """The methods that anything was counted by."""
    return [method for method in CountMethod if f"{SHED}{method}" in keys]


def count_outcome(method: CountMethod, points: Sequence[Figures], *, by_week: bool) -> Outcome:
    """Hairs by one method: the axis begins at zero."""
    key = f"{SHED}{method}"
    highest = max(each.tallies[key].highest for each in points if key in each.tallies)
    is_score, is_daily = method is CountMethod.PICTURE, method is CountMethod.DAILY
    return Outcome(
        key=key,
        name=METHODS[method].name,
        axis=Axis(1, 6, (1, 2, 3, 4, 5, 6)) if is_score else counting_axis(highest),
        half_life=HALF_LIFE_BY_DAY if is_daily and not by_week else HALF_LIFE_OF_SETS,
        longest_gap=COUNT_GAPS[method] + (MONTH if by_week else timedelta()),
        has_range=by_week,
    )


def asked_outcome(question: Question, *, by_week: bool) -> Outcome:
    """A symptom or a scale of the check-in, on its own axis."""
    scale = question.scale
    middle = (scale.lowest + scale.highest) / 2
    return Outcome(
        key=question.slug,
        name=question.name,
        axis=Axis(scale.lowest, scale.highest, (scale.lowest, middle, scale.highest)),
        half_life=HALF_LIFE_BY_WEEK if by_week else HALF_LIFE_BY_DAY,
        longest_gap=MONTH if by_week else None,
    )


def mean_words(mean: float) -> str:
    """A mean, to one decimal."""
    return format_number(round(mean, 1))


def count_sentence(method: CountMethod, span: Figures, before: Figures) -> str:
    """What was counted: "Mean 41.3 from 6 readings, 35 to 47; 46 from 3 before." """
    key = f"{SHED}{method}"
    tally, earlier = span.tallies.get(key), before.tallies.get(key)
    if tally is None:
        if earlier is None:
            return _("No count in this time.")
        said = _("No count in this time; {mean} from {n} before.")
        return said.format(mean=mean_words(earlier.mean), n=earlier.n)
    readings = words.plural(tally.n, _("reading"), _("readings"))
    said = _("Mean {mean} from {readings}").format(mean=mean_words(tally.mean), readings=readings)
    if tally.highest > tally.lowest:
        low, high = format_number(tally.lowest), format_number(tally.highest)
        said += _(", {low} to {high}").format(low=low, high=high)
    if earlier is not None:
        said += _("; {mean} from {n} before").format(mean=mean_words(earlier.mean), n=earlier.n)
    return f"{said}."


def asked_sentence(question: Question, span: Figures) -> str:
    """What was answered: "on 3 of 7 days, up to moderate" or "mean 3.9, 7 days"."""
    tally = span.tallies.get(question.slug)
    if tally is None:
        return _("not asked")
    days = words.plural(tally.n, _("day"), _("days"))
    if not question.is_symptom:
        return _("mean {mean}, {days}").format(mean=mean_words(tally.mean), days=days)
    said = _("{with_it} of {days}").format(with_it=tally.above_zero, days=days)
    if not tally.above_zero:
        return said
    worst = SEVERITY.word(round(tally.highest))
    if span.last - span.first < timedelta(days=1) or tally.above_zero == 1:
        return _("{said}, {worst}").format(said=said, worst=worst)
    return _("{said}, up to {worst}").format(said=said, worst=worst)


def scale_words(scale: Scale) -> str:
    """1 very low to 5 very good."""
    return _("{low} {low_word} to {high} {high_word}").format(
        low=scale.lowest,
        low_word=scale.low_word,
        high=scale.highest,
        high_word=scale.high_word,
    )
