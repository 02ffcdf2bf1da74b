"""The card "How was today?": its questions and answers."""

from dataclasses import dataclass, replace
from datetime import date

from app.diary import Diary
from app.domain.symptoms import safety_note
from app.models import CheckIn, SymptomReport
from app.services.check_ins import Question, answers_on, questions_of


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
        """The scale to draw: faces, severities or plain numbers."""
        if self.question.slug == "mood":
            return "mood"
        return "severity" if self.question.is_symptom else "number"

    @property
    def options(self) -> tuple[tuple[int, str, str], ...]:
        """The answers: value, drawn text, and the word for screen readers."""
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
            return str(scale.low_word), str(scale.high_word)
        return f"{scale.lowest} {scale.low_word}", f"{scale.highest} {scale.high_word}"

    @property
    def has_details(self) -> bool:
        """Whether the answer has details."""
        return self.interference is not None or bool(self.suspect or self.note)

    @property
    def field(self) -> str:
        """The name of the input."""
        is_symptom = self.question.is_symptom
        return f"symptom-{self.question.slug}" if is_symptom else self.question.slug


@dataclass(frozen=True, slots=True)
class CheckInCard:
    """The questions of a day, the day's note, and safety notes about the answers.

    `asked` holds the questions that are turned on, and any other that has an answer; `more` has the
    other questions, for the page with room for them.
    """

    on: date
    asked: tuple[Asked, ...]
    more: tuple[Asked, ...]
    note: str
    is_editable: bool
    is_answered: bool
    safety: tuple[str, ...]


def check_in_card(diary: Diary, on: date, *, every: bool = False) -> CheckInCard:
    """Build the card of a day; with `every` also the questions that are not turned on.

    Private questions that are not turned on appear nowhere.
    """
    check_in, reports = answers_on(diary.session, diary.owner, on)
    asked, more = [], []
    for question in questions_of(diary.session, diary.owner):
        answer = _asked(question, on, check_in, reports.get(question.slug))
        if question.is_asked or answer.value is not None:
            asked.append(answer)
        elif every and not question.is_private:
            more.append(answer)
    return CheckInCard(
        on=on,
        asked=_with_shared_ends(asked),
        more=_with_shared_ends(sorted(more, key=lambda each: not each.question.is_symptom)),
        note=check_in.note if check_in else "",
        is_editable=diary.may_edit(on),
        is_answered=any(each.value is not None for each in asked),
        safety=tuple(_safety(diary, on, asked)),
    )


def _asked(
    question: Question, on: date, check_in: CheckIn | None, report: SymptomReport | None
) -> Asked:
    if report is None:
        value = None if question.is_symptom else getattr(check_in, question.slug, None)
        return Asked(question, question.subject(on), value)
    return Asked(
        question=question,
        subject=question.subject(on),
        value=report.severity,
        interference=report.interference,
        suspect=str(report.regimen_item_id or ""),
        note=report.note,
    )


def _with_shared_ends(asked: list[Asked]) -> tuple[Asked, ...]:
    """Symptoms in a row share the words under their scales: the last one shows them."""
    following = [*(each.question.is_symptom for each in asked[1:]), False][: len(asked)]
    return tuple(
        replace(each, shows_ends=not (each.question.is_symptom and follows))
        for each, follows in zip(asked, following, strict=True)
    )


def _safety(diary: Diary, on: date, asked: list[Asked]) -> list[str]:
    items = diary.regimen.current_on(on)
    values = {each.question.slug: each.value for each in asked if each.value is not None}
    mood = values.pop("mood", None)
    return safety_note(
        [treatment.id for item in items for treatment in item.catalogue_entries],
        values,
        mood,
        emergency_line=diary.owner.preferences.emergency_line,
    )
