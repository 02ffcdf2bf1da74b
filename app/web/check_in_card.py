"""The card "How was today?": what is asked, and what was answered."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.symptoms import safety_note
from app.services.check_ins import Question, answers_on, questions_of
from app.web.deps import Visit


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the day's answer; None is "not asked", 0 is "none"."""

    question: Question
    subject: str
    value: int | None
    interference: int | None = None
    suspect: str = ""
    note: str = ""
    shows_ends: bool = True

    @property
    def kind(self) -> str:
        """Which scale is drawn: faces, severities or plain numbers."""
        if self.question.slug == "mood":
            return "mood"
        return "severity" if self.question.is_symptom else "number"

    @property
    def options(self) -> tuple[tuple[int, str, str], ...]:
        """The answers: value, what is drawn, and the word that is said with it."""
        scale = self.question.scale
        is_mood = self.kind == "mood"
        return tuple(
            (value, scale.word(value) if is_mood else str(value), scale.word(value))
            for value in scale.values
        )

    @property
    def ends(self) -> tuple[str | None, str | None]:
        """The words under the two ends; symptoms in a row share them under the last."""
        scale = self.question.scale
        if not self.shows_ends:
            return None, None
        if self.kind == "mood":
            return scale.low_word, scale.high_word
        return f"{scale.lowest} {scale.low_word}", f"{scale.highest} {scale.high_word}"

    @property
    def field(self) -> str:
        """The name of the input."""
        is_symptom = self.question.is_symptom
        return f"symptom-{self.question.slug}" if is_symptom else self.question.slug


@dataclass(frozen=True, slots=True)
class CheckInCard:
    """The questions of a day, the remark, and what safety asks to be said."""

    on: date
    asked: tuple[Asked, ...]
    note: str
    is_editable: bool
    is_answered: bool
    safety: tuple[str, ...]


def check_in_card(visit: Visit, on: date, *, every: bool = False) -> CheckInCard:
    """The card of a day; a question that has an answer is shown even if it is asked no more.

    `every` adds the questions that are not asked, for the page that has room for them.
    """
    check_in, reports = answers_on(visit.session, visit.user, on)
    asked = []
    for question in questions_of(visit.session, visit.user):
        report = reports.get(question.slug)
        value = report.severity if report else getattr(check_in, question.slug, None)
        if not (question.is_asked or value is not None or (every and not question.is_private)):
            continue
        asked.append(
            Asked(
                question=question,
                subject=question.subject(on),
                value=value,
                interference=report.interference if report else None,
                suspect=str(report.regimen_item_id or "") if report else "",
                note=report.note if report else "",
            )
        )
    return CheckInCard(
        on=on,
        asked=tuple(
            replace(each, shows_ends=not (each.question.is_symptom and following))
            for each, following in zip(asked, _symptom_follows(asked), strict=True)
        ),
        note=check_in.note if check_in else "",
        is_editable=visit.may_edit(on),
        is_answered=any(each.value is not None for each in asked),
        safety=tuple(_safety(visit, on, asked)),
    )


def _symptom_follows(asked: list[Asked]) -> list[bool]:
    return [each.question.is_symptom for each in asked[1:]] + [False]


def _safety(visit: Visit, on: date, asked: list[Asked]) -> list[str]:
    taken = [item.catalogue_id for item in visit.regimen.items if item.is_current(on)]
    values = {each.question.slug: each.value for each in asked if each.value is not None}
    mood = values.pop("mood", None)
    return safety_note(
        [catalogue_id for catalogue_id in taken if catalogue_id],
        values,
        mood,
        emergency_line=visit.user.emergency_line,
    )
