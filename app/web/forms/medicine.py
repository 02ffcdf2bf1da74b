"""The forms of other medicines and of own rules."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.diary import Diary
from app.diary.regimen import ItemStanding
from app.domain.clock_times import parse_clock
from app.domain.hours_apart import OTHER_KINDS
from app.errors import Refused
from app.i18n import _, lazy
from app.models import ApartRule, Medicine
from app.records import APART_RULE, MEDICINE
from app.web.forms.rows import shown_columns, typed_columns
from app.web.http.reading import Day, EntryForm, Line, Number, OneLine

MORE_TIMES = 3
MOST_TIMES = 12
KINDS = [
    ("", lazy("Something else (listed only)")),
    *OTHER_KINDS.items(),
]


class MedicineForm(EntryForm):
    """Another medicine. The page makes the id, so that a form sent twice adds one medicine."""

    id: UUID | None = None
    name: Annotated[Line, Field(min_length=1)]
    kind: str = Field(default="", max_length=40)
    times: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    starts_on: Day | None = None
    ends_on: Day | None = None
    note: Annotated[OneLine, Field(max_length=200)] = ""

    def medicine(self, medicine_id: UUID) -> Medicine:
        """Return the other medicine; raises `Refused` with the field's name."""
        times = tuple(sorted({_time(each) for each in self.times if each}))
        return MEDICINE.row(id=medicine_id, **{**typed_columns(self, MEDICINE), "times": times})


class ApartRuleForm(EntryForm):
    """A pair to keep apart, and for how long."""

    id: UUID | None = None
    first: UUID
    second: UUID
    hours: Annotated[Number, Field(gt=0, le=72)]
    note: Annotated[OneLine, Field(max_length=200)] = ""

    def rule(self, rule_id: UUID) -> ApartRule:
        """Return the rule, without its sides."""
        return APART_RULE.row(id=rule_id, **typed_columns(self, APART_RULE))


def values_of_medicine(medicine: Medicine) -> Mapping[str, Any]:
    """Fill the form in with a stored medicine."""
    return shown_columns(MedicineForm, MEDICINE, medicine)


def times_shown(values: Mapping[str, Any]) -> list[str]:
    """Return the typed times, then empty ones: one, or more if a button asked for them."""
    typed = [at for at in values.get("times", []) if at]
    empty = MORE_TIMES if values.get("more") else 1
    return [*typed, *[""] * max(1 - len(typed), min(empty, MOST_TIMES - len(typed)))]


def values_of_rule(rule: ApartRule) -> Mapping[str, Any]:
    """Fill the form in with a stored rule."""
    sides = {"first": str(rule.first_id), "second": str(rule.second_id)}
    return {**shown_columns(ApartRuleForm, APART_RULE, rule), **sides}


def sides_to_choose(diary: Diary, rule: ApartRule | None) -> list[tuple[str, str]]:
    """Return the items taken now and the other medicines; a rule's own sides stay listed."""
    named = {rule.first_id, rule.second_id} if rule else set()
    items = [
        (str(item.id), item.name)
        for item in diary.regimen.items
        if item.standing_on(diary.today) is not ItemStanding.STOPPED or item.id in named
    ]
    others = [
        (str(each.id), each.name)
        for each in diary.session.exec(Medicine.owned_by(diary.owner.id))
        if each.ends_on is None or each.ends_on >= diary.today or each.id in named
    ]
    return [("", _("Choose one")), *items, *others]


def _time(typed: str) -> time:
    try:
        return parse_clock(typed)
    except ValueError as error:
        raise Refused(_("Enter a time such as 08:00."), "times") from error
