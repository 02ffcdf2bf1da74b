"""What an import says to a person who reads German."""

from datetime import date, time

import pytest
from sqlmodel import Session

from app.domain.timing import DoseTime, Timing, TimingKind
from app.errors import Refused
from app.i18n import speaking
from app.interchange.writer import UndoReport
from app.interchange.writer.inferred_dosages import in_words
from app.models import User
from tests.services.importers.test_health_auto_export import HEADER, TAKEN, bring_in
from tests.support.regimens import add

DAY = date(2026, 10, 5)


def timing(kind: TimingKind, *times: DoseTime, every_days: int = 1) -> Timing:
    return Timing(kind, DAY, times=times, every_days=every_days)


@pytest.mark.parametrize(
    ("rule", "english", "german"),
    [
        (
            timing(TimingKind.DAILY, DoseTime(time(8), 0.5), DoseTime(time(20), 2)),
            "every day at 08:00, 0.5 tablet, and at 20:00, 2 tablets",
            "täglich um 08:00 Uhr 0,5 Tablette und um 20:00 Uhr 2 Tabletten",
        ),
        (
            timing(TimingKind.WEEKDAYS, DoseTime(time(8), 1, "135")),
            "every Monday, Wednesday and Friday at 08:00, 1 tablet",
            "jeden Montag, Mittwoch und Freitag um 08:00 Uhr 1 Tablette",
        ),
        (
            timing(TimingKind.EVERY_DAYS, DoseTime(time(8), 1), every_days=3),
            "every 3 days at 08:00, 1 tablet",
            "alle 3 Tage um 08:00 Uhr 1 Tablette",
        ),
    ],
)
def test_what_repeats_is_said_in_both_languages(rule: Timing, english: str, german: str) -> None:
    assert in_words("tablet", rule) == english
    with speaking("de"):
        assert in_words("tablet", rule) == german


def test_an_undo_counts_one_and_many() -> None:
    one, many = UndoReport(1, 1, 1), UndoReport(1200, 2, 3)

    assert str(one) == (
        "Reverted 1 dose or other entry, and deleted 1 scheduled time. "
        "1 stays as it is, because it was changed since."
    )
    with speaking("de"):
        assert str(many) == (
            "1\N{NARROW NO-BREAK SPACE}200 Dosen und andere Einträge zurückgenommen, dazu "
            "2 geplante Zeiten. 3 bleiben, weil sie seither geändert wurden."
        )


def test_rows_and_files_are_refused_in_german(session: Session, alice: User) -> None:
    with speaking("de"):
        read = bring_in(session, alice, HEADER + TAKEN.replace("Taken", "Eaten"))
        with pytest.raises(Refused, match="Diese Datei ist ein PDF-Dokument\\. Exportiere sie als"):
            bring_in(session, alice, "%PDF-1.4")
        add(session, alice, "Iron")
        with pytest.raises(Refused, match="„Iron“ ist vielleicht dasselbe wie dein Mittel Iron: "):
            bring_in(session, alice, HEADER + TAKEN)

    assert [each.reason for each in read.refusals] == ["Der Status „Eaten“ ist nicht bekannt."]
