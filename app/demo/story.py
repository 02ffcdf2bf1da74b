"""The story of the demo's year: items, breaks, events and notes.

Days are counted back from today, so that the story always ends now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any

from app.domain.applications import Zone
from app.domain.labels import parse_strength
from app.domain.supply import SupplyKind
from app.domain.timing import DoseTime, TimingKind
from app.models import NoteKind, SkipReason
from app.services.dosages import DosageInput
from app.services.items import IngredientInput, ItemInput, strength_on_label

MINOXIDIL_5_PERCENT = strength_on_label("minoxidil", parse_strength("5%"), "mL")
YEAR = 365
MORNING, EVENING = time(8), time(21)
AWAY_IN = "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class StoryPhase:
    """Days of the story, from `first` to `last` days ago, both included."""

    first: int
    last: int

    def covers(self, days_ago: int) -> bool:
        """Whether the day lies in the span."""
        return self.last <= days_ago <= self.first


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item left out on purpose for some days, and why."""

    item: str
    span: StoryPhase
    reason: SkipReason
    note: str = ""

    def covers(self, item: str, days_ago: int) -> bool:
        """Whether this item was left out on that day."""
        return item == self.item and self.span.covers(days_ago)


AWAY = StoryPhase(205, 196)
FEVER = StoryPhase(160, 158)
STRESS = StoryPhase(134, 131)
BAD_WEEKEND = 128
MAGNESIUM_STARTS = 182
STOMACH_BUG = StoryPhase(95, 92)
DOSE_RAISED = 28
SLEEP_ASKED_FROM = 120
NEEDLING_PAUSED_FROM = 12

LEFT_OUT = (
    LeftOut("minoxidil", FEVER, SkipReason.OTHER, "In bed with a fever"),
    LeftOut(
        "saw_palmetto", StoryPhase(56, 51), SkipReason.DOCTORS_ADVICE, "Before the tooth was out"
    ),
    LeftOut("vitamin_d3", StoryPhase(148, 146), SkipReason.RAN_OUT),
    LeftOut("magnesium", StoryPhase(22, 22), SkipReason.SIDE_EFFECT, "Loose stools"),
    LeftOut("minoxidil", StoryPhase(196, 196), SkipReason.TRAVEL, "In the air all day"),
    LeftOut("biotin", StoryPhase(249, 247), SkipReason.BLOOD_TEST),
)

NOTES: tuple[tuple[int, NoteKind, str, str], ...] = (
    (365, NoteKind.NOTE, "", "First day of the log. Give it a year, write it down, then decide."),
    (352, NoteKind.EVENT, "haircut", "Short on the sides, a little longer on top."),
    (331, NoteKind.NOTE, "", "The crown looks thin in the bathroom light. It did last month too."),
    (304, NoteKind.NOTE, "", "First minoxidil. Twenty minutes to dry, so before breakfast."),
    (283, NoteKind.NOTE, "", "Far more hair in the sink than usual this week."),
    (268, NoteKind.NOTE, "", "Still shedding. I read that it can start like this. Keeping on."),
    (246, NoteKind.EVENT, "blood_test", "Shot them about the biotin and had left it out."),
    (240, NoteKind.NOTE, "", "Blood results are all in range, so no more biotin."),
    (228, NoteKind.NOTE, "", "The shedding has calmed down, I think."),
    (221, NoteKind.EVENT, "haircut", ""),
    (205, NoteKind.EVENT, "travel", "Ten days in Japan. Everything by the clock there."),
    (194, NoteKind.NOTE, "", "Home again, wide awake at four in the morning."),
    (182, NoteKind.NOTE, "", "First magnesium, one gram at night."),
    (178, NoteKind.NOTE, "", "Stomach a bit off. From today I take it after dinner."),
    (160, NoteKind.EVENT, "fever", "38.9 degrees, three days in bed."),
    (149, NoteKind.EVENT, "dye", "My niece did one strand in blue. Gone after a week."),
    (134, NoteKind.EVENT, "stress", "The deadline moved forward. Late nights."),
    (95, NoteKind.EVENT, "illness", "Stomach bug. Magnesium on hold until it is over."),
    (86, NoteKind.EVENT, "haircut", "The barber says that the crown is no worse."),
    (70, NoteKind.NOTE, "", "Omega-3 is empty. Not buying it again for now."),
    (
        51,
        NoteKind.EVENT,
        "surgery",
        "Wisdom tooth out. No saw palmetto before it, said the dentist.",
    ),
    (41, NoteKind.EVENT, "diet", "No meat on weekdays from now on."),
    (28, NoteKind.NOTE, "", "Two grams of magnesium from today, split over the day."),
    (19, NoteKind.NOTE, "", "Third headache this week. The weather, or the magnesium?"),
    (12, NoteKind.NOTE, "", "Scalp is sore after needling. Leaving it for a while."),
    (6, NoteKind.EVENT, "wash", "Washed twice today, after the gym."),
    (2, NoteKind.EVENT, "New barber", "Asked for a picture of the crown, same light as in spring."),
    (-3, NoteKind.EVENT, "blood_test", "Yearly check-up, with PSA and thyroid."),
)
AFTER_THE_BAD_WEEKEND = "A whole weekend forgotten. It is what it is."

DAY_NOTES = (
    "Slept badly.",
    "Long day at work.",
    "Good run in the morning.",
    "Friends over, late night.",
    "Too much coffee.",
    "Quiet day.",
    "Rain all day.",
    "Felt rested for once.",
)


def bad_saturday(today: date) -> date:
    """Return the Saturday of the forgotten weekend; the Sunday after it belongs to it too."""
    near = today - timedelta(days=BAD_WEEKEND)
    return near - timedelta(days=(near.isoweekday() - 6) % 7)


def is_bad_weekend(on: date, today: date) -> bool:
    """Whether nothing was taken or written that day."""
    return 0 <= (on - bad_saturday(today)).days <= 1


def story_items(today: date) -> Mapping[str, ItemInput]:
    """Return every item of the year by its key, as it was first added, in order of the list."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    return MappingProxyType(
        {
            "finasteride": ItemInput(
                name="Finasteride",
                catalogue_id="finasteride-oral",
                kind="prescription",
                tone="blue",
                starts_on=ago(YEAR + 122),
                dosage=_daily("mg", (MORNING, 1)),
                piece_amount=1,
                package_price=19.9,
                package_amount=28,
                note="Prescribed. Check-up once a year.",
            ),
            "minoxidil": ItemInput(
                name="Minoxidil",
                catalogue_id="minoxidil-topical-solution",
                kind="otc",
                route="scalp",
                icon="drop",
                tone="teal",
                starts_on=ago(304),
                dosage=_daily("mL", (MORNING, 1), (EVENING, 1)),
                package_price=44.9,
                package_amount=180,
                zones=(Zone.HAIRLINE, Zone.CROWN),
                dry_minutes=20,
                note="With the pipette.",
                ingredients=(MINOXIDIL_5_PERCENT,),
            ),
            "vitamin_d3": ItemInput(
                name="Vitamin D3",
                catalogue_id="vitamin-d3",
                icon="sun",
                tone="amber",
                starts_on=ago(YEAR),
                dosage=_daily("ug", (MORNING, 25)),
                piece_amount=25,
                package_price=6.95,
                package_amount=2250,
                ingredients=(IngredientInput(substance="vitamin_d", mass_ug=1),),
            ),
            "magnesium": ItemInput(
                name="Magnesium L-threonate",
                catalogue_id="magnesium-l-threonate",
                icon="capsule",
                tone="violet",
                starts_on=ago(MAGNESIUM_STARTS),
                dosage=_daily("mg", (EVENING, 1000)),
                piece_amount=667,
                package_price=34.9,
                package_amount=60_030,
                ingredients=(
                    IngredientInput(substance="magnesium", mass_ug=144_000, per_amount=2000),
                ),
            ),
            "saw_palmetto": ItemInput(
                name="Saw palmetto",
                catalogue_id="saw-palmetto",
                icon="leaf",
                tone="copper",
                instruction="with food",
                starts_on=ago(240),
                dosage=_daily("mg", (EVENING, 320)),
                piece_amount=160,
            ),
            "ketoconazole": ItemInput(
                name="Ketoconazole shampoo",
                catalogue_id="ketoconazole-shampoo",
                kind="otc",
                route="scalp_wash",
                icon="bottle",
                tone="mint",
                instruction="leave on for 3 to 5 minutes",
                minutes_on=5,
                starts_on=ago(350),
                dosage=DosageInput(
                    unit="wash",
                    kind=TimingKind.FLEXIBLE,
                    usual_amount=1,
                    per_week=2,
                    per_week_most=3,
                ),
            ),
            "microneedling": ItemInput(
                name="Microneedling",
                catalogue_id="microneedling",
                kind="procedure",
                route="needling",
                icon="roller",
                tone="rose",
                zones=(Zone.TEMPLES, Zone.CROWN),
                needle_mm=0.5,
                starts_on=ago(201),
                dosage=DosageInput(
                    unit="session",
                    kind=TimingKind.EVERY_DAYS,
                    every_days=7,
                    times=(DoseTime(time(20), 1),),
                ),
            ),
            "paracetamol": ItemInput(
                name="Paracetamol",
                kind="otc",
                icon="ring",
                tone="sand",
                starts_on=ago(YEAR),
                dosage=DosageInput(
                    unit="mg",
                    kind=TimingKind.AS_NEEDED,
                    usual_amount=500,
                    gap_hours=6,
                    daily_maximum=3,
                ),
                note="For headaches.",
            ),
            "omega_3": ItemInput(
                name="Omega-3",
                catalogue_id="omega-3",
                icon="fish",
                tone="blue",
                starts_on=ago(YEAR),
                dosage=_daily("mg", (MORNING, 1000)),
                ingredients=(IngredientInput(substance="omega_3", mass_ug=1000),),
            ),
            "biotin": ItemInput(
                name="Biotin",
                catalogue_id="biotin",
                icon="pill",
                tone="sand",
                starts_on=ago(345),
                dosage=_daily("ug", (MORNING, 5000)),
                ingredients=(IngredientInput(substance="biotin", mass_ug=1),),
            ),
        }
    )


STOPPED: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "omega_3": (70, "Ran out"),
        "biotin": (247, "Blood test, and the results were in range"),
    }
)
PAUSED: Mapping[str, tuple[int, int | None, str]] = MappingProxyType(
    {
        "magnesium": (STOMACH_BUG.first, STOMACH_BUG.last, "Stomach bug"),
        "microneedling": (NEEDLING_PAUSED_FROM, None, "Scalp is sore"),
    }
)


@dataclass(frozen=True, slots=True)
class Bought:
    """Packs of an item, or a count of what is left, by days ago; None: on its way."""

    item: str
    came: int | None
    amount: float
    unit: str
    price: float | None = None
    ordered: int | None = None
    packs: int = 1
    kind: SupplyKind = SupplyKind.PACK
    best_for: int | None = None
    note: str = ""


# A month of finasteride, minoxidil that runs out while more is on its way, magnesium that lasts a
# few days, a shampoo that is nearly empty.
SUPPLIES = (
    Bought("finasteride", 68, 28, "tablet", 19.9, packs=4, best_for=500),
    Bought("finasteride", 40, 72, "tablet", kind=SupplyKind.RECOUNT),
    Bought("minoxidil", 55, 60, "mL", 14.95, ordered=60, packs=2, best_for=640),
    Bought("minoxidil", 3, 8, "mL", kind=SupplyKind.RECOUNT, note="Some was spilt"),
    Bought("minoxidil", None, 60, "mL", 14.95, ordered=2, packs=3),
    Bought("vitamin_d3", 60, 90, "capsule", 6.95, best_for=400),
    Bought("magnesium", 62, 60, "capsule", 24.9),
    Bought("magnesium", 28, 120, "capsule", 44.9, ordered=33, best_for=260),
    Bought("magnesium", 4, 19, "capsule", kind=SupplyKind.RECOUNT),
    Bought("saw_palmetto", 12, 120, "capsule", 17.5),
    Bought("ketoconazole", 75, 20, "wash", 8.95),
    Bought("ketoconazole", 5, 3, "wash", kind=SupplyKind.RECOUNT),
)
OTHER_MEDICINES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "levothyroxine": {
            "name": "Levothyroxine",
            "kind": "levothyroxine",
            "times": (time(7),),
            "note": "50 µg",
        },
    }
)
OWN_RULES: Mapping[str, tuple[str, str, float, str]] = MappingProxyType(
    {"wash": ("ketoconazole", "minoxidil", 2, "The shampoo would wash it off.")}
)
RAISED_DOSE = DosageInput(
    unit="mg",
    kind=TimingKind.DAILY,
    times=(DoseTime(MORNING, 667), DoseTime(EVENING, 1333)),
)


def _daily(unit: str, *times: tuple[time, float]) -> DosageInput:
    return DosageInput(
        unit=unit,
        kind=TimingKind.DAILY,
        times=tuple(DoseTime(at, amount) for at, amount in times),
    )
