import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import reading
from app.diary.regimen import load_regimen
from app.domain.applications import Zone
from app.domain.day_parts import DayPart
from app.domain.logical_dates import iso_week
from app.domain.photo_views import HairState, PhotoView
from app.domain.shedding import ChemicalTreatment, CountMethod, HairLength
from app.domain.timing import DoseTime, TimingKind
from app.interchange.csv_cells import APOSTROPHE, csv_line, csv_lines
from app.interchange.csv_export import FILES, ROWS_A_CHUNK, Flavour, csv_chunks, snapshot
from app.interchange.csv_rows import Extract
from app.models import (
    CheckIn,
    HairReview,
    ImportedSlot,
    Note,
    NoteKind,
    Pause,
    ProgressPhoto,
    RegimenItem,
    SheddingCount,
    SymptomReport,
    Theme,
    User,
)
from app.models.import_batch import ImportBatch
from app.models.progress_photo import hair_review_id
from app.records import APART_RULE, MEDICINE, TRACKED_SYMPTOM_SHEET
from app.services.asked_questions import AskedQuestion, save_questions
from app.services.dosages import DosageInput, change_dosage
from app.services.dose_events import record_dose
from app.services.dose_input import Answer, DoseInput
from app.services.history import Decision
from app.services.items import IngredientInput, ItemEdit, ItemInput, add_item, edit_item
from app.services.medicines import save_medicine, save_rule
from app.services.preferences import (
    SettingsInput,
    save_day_parts,
    save_settings,
)
from app.services.versions import bump_regimen_version
from tests.support.clock import NOW
from tests.support.databases import both_databases
from tests.support.queries import count_queries
from tests.support.regimens import EVENING, add, daily, decided, log_dose, taken

TODAY = date(2026, 11, 23)
BEGAN_ON = date(2026, 9, 1)
MORNING = time(8)
AWKWARD = [
    "=SUM(A1:A9)", "+49 30 1", "-5", "@cmd", "\tx", "'quoted", '"', 'a,b"c\nd', "a;b", "a\rb",
    "\r\n", " padded ", "\uff1d1+1", "Grüße 🌿", "'", "''=1", "", "1e5", "true",
]  # fmt: skip


def execute_prepared(
    session: Session,
    user: User,
    name: str,
    first: date | None = None,
    last: date | None = None,
    flavour: Flavour = Flavour.PLAIN,
) -> list[dict[str, str]]:
    text = bytes_of(session, user, name, first, last, flavour).decode("utf-8-sig")
    delimiter = ";" if flavour is Flavour.DECIMAL_COMMA else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter))


def bytes_of(
    session: Session,
    user: User,
    name: str,
    first: date | None = None,
    last: date | None = None,
    flavour: Flavour = Flavour.PLAIN,
) -> bytes:
    extract = Extract(session, user, NOW, first, last)
    return b"".join(csv_chunks(FILES[name], extract, flavour))


@pytest.fixture
def iron(session: Session, alice: User) -> UUID:
    """Alice takes 25 mg of an iron salt every morning since 20 November; a fifth is iron."""
    item = add_item(
        session,
        alice,
        ItemInput(
            name="Iron, gentle",
            starts_on=date(2026, 11, 20),
            dosage=DosageInput(unit="mg", kind=TimingKind.DAILY, times=(DoseTime(MORNING, 25),)),
            ingredients=(
                IngredientInput(substance="vitamin_d", mass_ug=25),
                IngredientInput(substance="iron", mass_ug=200),
            ),
        ),
        decided(alice),
    )
    session.commit()
    return item.id


def log(session: Session, user: User, item_id: UUID, **dose: object) -> UUID:
    item = load_regimen(session, user.id).by_id[item_id]
    changed_at = dose.pop("logged_at", NOW)
    assert isinstance(changed_at, datetime)
    decision = Decision(user.id, uuid4(), changed_at=changed_at, received_at=NOW)
    given = {"due_time": MORNING, "status": Answer.TAKEN, **dose}
    event_id = record_dose(session, user, item, DoseInput.model_validate(given), decision)
    session.commit()
    return event_id


def test_every_dose_is_listed_with_its_standing(session: Session, alice: User, iron: UUID) -> None:
    skipped = log(
        session, alice, iron, due_on=date(2026, 11, 20), status=Answer.SKIPPED,
        reason="travel", note="on the train",
    )  # fmt: skip
    taken = log(
        session, alice, iron, due_on=TODAY, logged_at=datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
    )
    extra = log(
        session, alice, iron, due_on=TODAY, due_time=None, amount=12.5,
        logged_at=datetime(2026, 11, 23, 18, tzinfo=UTC), time_zone="+10:30",
    )  # fmt: skip

    head, *rest = bytes_of(session, alice, "doses").decode().splitlines()

    assert head == (
        "id,regimen_item_id,item,due_on,due_time,status,occurred_at,logged_at,time_zone,"
        "amount,unit,elemental_mg,backfilled,reason,note,day_starts_time,"
        "zones,minutes_on,needle_mm,is_due,active_mg"
    )
    logged = "2026-11-23T21:41:00+01:00"
    assert rest == [
        f'{skipped},{iron},"Iron, gentle",2026-11-20,08:00,skipped,2026-11-20T08:00:00+01:00,'
        f"{logged},Europe/Berlin,25,mg,,false,travel,on the train,03:00,,,,true,",
        f',{iron},"Iron, gentle",2026-11-21,08:00,missed,,,,25,mg,,false,,,,,,,true,',
        f',{iron},"Iron, gentle",2026-11-22,08:00,missed,,,,25,mg,,false,,,,,,,true,',
        f'{extra},{iron},"Iron, gentle",2026-11-23,,extra,2026-11-24T04:30:00+10:30,'
        "2026-11-24T04:30:00+10:30,+10:30,12.5,mg,2.5,false,,,03:00,,,,false,0.3125",
        f'{taken},{iron},"Iron, gentle",2026-11-23,08:00,taken,2026-11-23T08:05:00+01:00,'
        "2026-11-23T08:05:00+01:00,Europe/Berlin,25,mg,5,false,,,03:00,,,,true,0.625",
    ]


def test_missed_ends_with_yesterday_and_an_open_slot_is_not_a_row(
    session: Session, alice: User, iron: UUID
) -> None:
    rows = execute_prepared(session, alice, "doses")

    assert [row["due_on"] for row in rows] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert {row["status"] for row in rows} == {"missed"}
    assert {row["id"] for row in rows} == {""}


def test_a_dose_logged_days_later_is_backfilled(session: Session, alice: User, iron: UUID) -> None:
    log(session, alice, iron, due_on=date(2026, 11, 21))

    marks = {row["due_on"]: row["backfilled"] for row in execute_prepared(session, alice, "doses")}

    assert marks == {"2026-11-20": "false", "2026-11-21": "true", "2026-11-22": "false"}


def test_a_paused_slot_is_not_a_row(session: Session, alice: User, iron: UUID) -> None:
    session.add(
        Pause(user_id=alice.id, regimen_item_id=iron, starts_on=date(2026, 11, 21), note="ill")
    )
    bump_regimen_version(session, alice)
    session.commit()

    assert [row["due_on"] for row in execute_prepared(session, alice, "doses")] == ["2026-11-20"]
    (pause,) = execute_prepared(session, alice, "pauses")
    assert (pause["item"], pause["starts_on"], pause["ends_on"]) == (
        *("Iron, gentle", "2026-11-21", ""),
    )


def test_the_days_narrow_doses_by_the_day_they_count_for(
    session: Session, alice: User, iron: UUID
) -> None:
    rows = execute_prepared(session, alice, "doses", date(2026, 11, 21), date(2026, 11, 21))

    assert [row["due_on"] for row in rows] == ["2026-11-21"]


def test_days_before_and_after_everything_are_only_a_header(
    session: Session, alice: User, iron: UUID
) -> None:
    for first, last in ((None, date(1999, 1, 1)), (date(2199, 1, 1), None)):
        assert execute_prepared(session, alice, "doses", first, last) == []


def test_the_spans_that_are_read_lose_and_double_no_day(session: Session, alice: User) -> None:
    alice.began_on = date(2024, 1, 1)
    item = add_item(
        session,
        alice,
        ItemInput(
            name="Biotin",
            starts_on=date(2024, 1, 1),
            dosage=DosageInput(unit="tablet", kind=TimingKind.DAILY, times=(DoseTime(MORNING, 1),)),
        ),
        decided(alice),
    )
    session.commit()

    rows = execute_prepared(session, alice, "doses")

    days = (TODAY - item.starts_on).days
    assert [row["due_on"] for row in rows] == [
        str(item.starts_on + timedelta(days=offset)) for offset in range(days)
    ]


def test_ten_years_come_in_pieces_and_the_header_at_once(
    session: Session, engine: Engine, alice: User
) -> None:
    alice.began_on = date(2016, 11, 23)
    add_item(
        session,
        alice,
        ItemInput(
            name="Biotin",
            starts_on=alice.began_on,
            dosage=DosageInput(unit="tablet", kind=TimingKind.DAILY, times=(DoseTime(MORNING, 1),)),
        ),
        decided(alice),
    )
    session.commit()

    with count_queries(engine) as queries, reading(snapshot(engine)) as another:
        user = another.get_one(User, alice.id)
        chunks = csv_chunks(FILES["doses"], Extract(another, user, NOW), Flavour.PLAIN)
        head = next(chunks)
        asked_before_the_first_byte = len(queries)
        sizes = [chunk.count(b"\n") for chunk in chunks]

    assert head.startswith(b"id,regimen_item_id")
    assert asked_before_the_first_byte == 1
    assert sum(sizes) == (TODAY - alice.began_on).days
    assert max(sizes) == ROWS_A_CHUNK
    assert len(queries) < 60


def test_an_imported_slot_without_an_answer_is_missed(
    session: Session, alice: User, iron: UUID
) -> None:
    batch = ImportBatch(user_id=alice.id, source="elsewhere", imported_at=NOW)
    session.add(batch)
    session.flush()
    session.add(
        ImportedSlot(
            id=uuid4(), user_id=alice.id, regimen_item_id=iron, import_batch_id=batch.id,
            due_on=date(2026, 11, 20), due_time=time(21), amount=1, unit="mg", window_minutes=360,
        )
    )  # fmt: skip
    bump_regimen_version(session, alice)
    session.commit()

    doses = [
        (row["due_on"], row["due_time"], row["status"])
        for row in execute_prepared(session, alice, "doses")
    ]
    assert ("2026-11-20", "21:00", "missed") in doses
    assert len(doses) == 4
    (slot,) = execute_prepared(session, alice, "slots")
    assert (slot["item"], slot["due_on"], slot["due_time"]) == (
        *("Iron, gentle", "2026-11-20", "21:00"),
    )
    assert (slot["amount"], slot["unit"], slot["window_minutes"]) == ("1", "mg", "360")


def test_items_and_dosages_hold_all_that_they_are(
    session: Session, alice: User, iron: UUID
) -> None:
    (item,) = execute_prepared(session, alice, "regimen")
    (dosage,) = execute_prepared(session, alice, "dosages")
    labels = execute_prepared(session, alice, "ingredients")

    assert list(item)[:8] == [
        *("id", "item", "catalogue_id", "kind", "route", "starts_on", "ends_on", "note")
    ]
    assert (item["id"], item["item"], item["ends_on"]) == (str(iron), "Iron, gentle", "")
    assert (item["slots_from"], item["position"], item["tone"]) == ("2026-11-20", "0", "mint")
    assert (dosage["timing"], dosage["times"], dosage["amounts"]) == ("daily", "08:00", "25")
    assert (dosage["days_of_week"], dosage["every_days"], dosage["cycle_on"]) == (
        *("1234567", "", ""),
    )
    assert [(each["substance"], each["mass_ug"], each["per_amount"]) for each in labels] == [
        ("vitamin_d", "25", "1"),
        ("iron", "200", "1"),
    ]


def test_times_amounts_and_weekdays_run_in_parallel(
    session: Session, alice: User, iron: UUID
) -> None:
    times = (
        DoseTime(time(21), 1333, "1234567"),
        DoseTime(MORNING, 667, "12345"),
        DoseTime(MORNING, 0.5, "67"),
    )
    dosage = DosageInput(unit="mg", kind=TimingKind.WEEKDAYS, times=times)
    add_item(
        session, alice, ItemInput(name="Magnesium", starts_on=TODAY, dosage=dosage), decided(alice)
    )
    session.commit()

    row = next(
        row for row in execute_prepared(session, alice, "dosages") if row["item"] == "Magnesium"
    )

    assert row["times"] == "08:00;08:00;21:00"
    assert row["amounts"] == "667;0.5;1333"
    assert row["days_of_week"] == "12345;67;1234567"


def test_a_flexible_dosage_says_how_often_and_how_much(
    session: Session, alice: User, iron: UUID
) -> None:
    dosage = DosageInput(
        unit="wash", kind=TimingKind.FLEXIBLE, usual_amount=1, per_week=2, per_week_most=3
    )
    add_item(
        session, alice, ItemInput(name="Shampoo", starts_on=TODAY, dosage=dosage), decided(alice)
    )
    session.commit()

    row = next(
        row for row in execute_prepared(session, alice, "dosages") if row["item"] == "Shampoo"
    )

    assert (row["times"], row["per_week"], row["per_week_most"]) == ("", "2", "3")
    assert row["usual_amount"] == "1"


def test_items_and_dosages_narrow_by_the_days_they_hold(
    session: Session, alice: User, iron: UUID
) -> None:
    dosage = DosageInput(unit="mg", kind=TimingKind.AS_NEEDED, usual_amount=1)
    item = add_item(
        session,
        alice,
        ItemInput(name="Zinc", starts_on=BEGAN_ON, ends_on=date(2026, 10, 1), dosage=dosage),
        decided(alice, 1),
    )
    change_dosage(session, item, dosage, date(2026, 9, 20), decided(alice))
    session.commit()

    september = (date(2026, 9, 1), date(2026, 9, 30))
    assert [row["item"] for row in execute_prepared(session, alice, "regimen", *september)] == [
        "Zinc"
    ]
    assert len(execute_prepared(session, alice, "dosages", *september)) == 2
    assert execute_prepared(session, alice, "ingredients", *september) == []
    november = execute_prepared(session, alice, "regimen", date(2026, 11, 1))
    assert [row["item"] for row in november] == ["Iron, gentle"]


def test_check_ins_symptoms_and_notes_are_listed(session: Session, alice: User, iron: UUID) -> None:
    check_in_id, report_id, note_id = uuid4(), uuid4(), uuid4()
    session.add_all(
        [
            CheckIn(
                id=check_in_id, user_id=alice.id, on=TODAY, iso_week=iso_week(TODAY), mood=4,
                stress=0, note="calm", logged_at=NOW,
            ),
            SymptomReport(
                id=report_id, user_id=alice.id, on=TODAY, iso_week=iso_week(TODAY),
                symptom="gi_upset", severity=0, regimen_item_id=iron, logged_at=NOW,
            ),
            Note(
                id=note_id, user_id=alice.id, on=TODAY, iso_week=iso_week(TODAY),
                kind=NoteKind.EVENT, label="haircut", text="short", logged_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.commit()

    at = "2026-11-23T21:41:00+01:00"
    said = {
        name: bytes_of(session, alice, name).decode().splitlines()
        for name in ("check-ins", "symptoms", "notes")
    }
    assert said == {
        "check-ins": [
            "id,on,mood,energy,sleep,stress,focus,note,logged_at",
            f"{check_in_id},2026-11-23,4,,,0,,calm,{at}",
        ],
        "symptoms": [
            "id,on,symptom,severity,interference,item,note,regimen_item_id,logged_at"
            ",name,dose_a_day,dose_unit",
            f'{report_id},2026-11-23,gi_upset,0,,"Iron, gentle",,{iron},{at},Stomach upset,25,mg',
        ],
        "notes": [
            "id,on,kind,label,text,logged_at",
            f"{note_id},2026-11-23,event,haircut,short,{at}",
        ],
    }
    for name in said:
        assert execute_prepared(session, alice, name, None, date(2026, 11, 22)) == []
        assert len(execute_prepared(session, alice, name, TODAY, TODAY)) == 1


def test_counts_of_shed_hairs_are_listed_and_0_is_one(session: Session, alice: User) -> None:
    day: dict[str, Any] = {
        "user_id": alice.id,
        "on": TODAY,
        "iso_week": iso_week(TODAY),
        "logged_at": NOW,
    }
    comb, picture = (
        SheddingCount(
            **day, id=uuid4(), method=CountMethod.SIXTY_SECOND, run=2, hairs=0, days_since_wash=0,
            hair_length=HairLength.VERY_SHORT, chemical_treatment=ChemicalTreatment.NONE,
            comb="black, fine", note="=none",
        ),
        SheddingCount(**day, id=uuid4(), method=CountMethod.PICTURE, score=4),
    )  # fmt: skip
    session.add_all([comb, picture])
    session.commit()

    at = "2026-11-23T21:41:00+01:00"
    assert bytes_of(session, alice, "shedding").decode().splitlines() == [
        "id,on,method,hairs,score,run,days_since_wash,hair_length,note"
        ",chemical_treatment,comb,logged_at",
        f"{picture.id},2026-11-23,picture,,4,1,,,,,,{at}",
        f'{comb.id},2026-11-23,sixty_second,0,,2,0,very_short,=none,none,"black, fine",{at}',
    ]
    assert execute_prepared(session, alice, "shedding", None, date(2026, 11, 22)) == []
    (_, guarded) = execute_prepared(session, alice, "shedding", flavour=Flavour.SPREADSHEET)
    assert (guarded["note"], guarded["hairs"]) == ("'=none", "0")


@both_databases
@pytest.mark.parametrize("flavour", Flavour)
def test_awkward_text_survives(session: Session, alice: User, flavour: Flavour) -> None:
    for minute, text in enumerate(AWKWARD):
        at = NOW + timedelta(minutes=minute)
        session.add(
            Note(
                id=uuid4(), user_id=alice.id, on=TODAY, iso_week=iso_week(TODAY),
                kind=NoteKind.NOTE, text=text, logged_at=at,
            )
        )  # fmt: skip
    session.commit()

    written = [row["text"] for row in execute_prepared(session, alice, "notes", flavour=flavour)]

    if flavour is not Flavour.PLAIN:
        assert not [text for text in written if text.startswith(("=", "+", "-", "@", "\t"))]
        written = [text.removeprefix(APOSTROPHE) for text in written]
    assert written == AWKWARD


def test_a_spreadsheet_gets_a_byte_order_mark_and_untouched_numbers(
    session: Session, alice: User, iron: UUID
) -> None:
    log(session, alice, iron, due_on=TODAY, time_zone="-05:00", note="-1")

    content = bytes_of(session, alice, "doses", TODAY, TODAY, Flavour.SPREADSHEET)

    assert content.startswith(b"\xef\xbb\xbfid,")
    assert not bytes_of(session, alice, "doses").startswith(b"\xef\xbb\xbf")
    (row,) = execute_prepared(session, alice, "doses", TODAY, TODAY, Flavour.SPREADSHEET)
    assert (row["amount"], row["due_on"], row["due_time"]) == ("25", "2026-11-23", "08:00")
    assert (row["time_zone"], row["note"]) == ("'-05:00", "'-1")


def test_line_ends_are_line_feeds_and_nothing_else(
    session: Session, alice: User, iron: UUID
) -> None:
    for name in FILES:
        content = bytes_of(session, alice, name)
        assert b"\r" not in content
        assert content.endswith(b"\n")


def test_another_persons_log_is_never_in_it(
    session: Session, alice: User, bob: User, iron: UUID
) -> None:
    log(session, alice, iron, due_on=TODAY)

    for name in FILES.keys() - {"settings"}:
        assert execute_prepared(session, bob, name) == []
    assert execute_prepared(session, bob, "settings")[0] == {"setting": "name", "value": "Bob"}


def test_two_exports_are_the_same_bytes(session: Session, alice: User, iron: UUID) -> None:
    for minutes in (3, 1, 2):
        log(
            session, alice, iron, due_on=TODAY, due_time=None,
            logged_at=NOW - timedelta(minutes=minutes),
        )  # fmt: skip

    for name in FILES:
        assert bytes_of(session, alice, name) == bytes_of(session, alice, name)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    cells = ["first", *texts]
    for is_guarded in (False, True):
        line = csv_line(cells, is_guarded=is_guarded)
        (back,) = csv.reader(io.StringIO(line, newline=""), strict=True)
        assert [cell.removeprefix(APOSTROPHE) if is_guarded else cell for cell in back] == cells


def test_photos_and_reviews_stand_in_files_of_their_own(session: Session, alice: User) -> None:
    on: dict[str, Any] = {
        "user_id": alice.id,
        "on": TODAY,
        "iso_week": iso_week(TODAY),
        "logged_at": NOW,
    }
    photo = ProgressPhoto(
        id=uuid4(),
        view=PhotoView.MID_SCALP,
        hair=HairState.WET,
        note="=lamp",
        width=1536,
        height=2048,
        size_bytes=9,
        **on,
    )
    unsaid = ProgressPhoto(id=uuid4(), view=PhotoView.VERTEX, width=3, height=4, size_bytes=5, **on)
    review = HairReview(
        id=hair_review_id(alice.id, TODAY), part_width_mm=0.5, global_change=-3, **on
    )
    session.add_all([photo, unsaid, review])
    session.commit()

    first, second = execute_prepared(session, alice, "photos")
    assert first == {
        "id": str(photo.id),
        "on": "2026-11-23",
        "view": "mid_scalp",
        "file": f"photos/{alice.id}/{photo.id}-2048.jpg",
        "hair": "wet",
        "note": "=lamp",
        "width": "1536",
        "height": "2048",
        "logged_at": "2026-11-23T21:41:00+01:00",
    }
    assert list(first)[:6] == ["id", "on", "view", "file", "hair", "note"]
    assert (second["hair"], second["note"]) == ("", "")
    guarded = execute_prepared(session, alice, "photos", flavour=Flavour.SPREADSHEET)
    assert guarded[0]["note"] == "'=lamp"
    assert execute_prepared(session, alice, "hair-reviews") == [
        {
            "id": str(review.id),
            "on": "2026-11-23",
            "part_width_mm": "0.5",
            "global_change": "-3",
            "logged_at": "2026-11-23T21:41:00+01:00",
        }
    ]
    assert execute_prepared(session, alice, "photos", TODAY + timedelta(days=1)) == []


def test_other_medicines_and_own_rules_stand_in_files_of_their_own(
    session: Session, alice: User, iron: UUID
) -> None:
    thyroid, antibiotic, rule = uuid4(), uuid4(), uuid4()
    for medicine in (
        MEDICINE.row(id=thyroid, name="Thyroid, daily", kind="levothyroxine", times=(time(7),)),
        MEDICINE.row(
            id=antibiotic,
            name="Antibiotic",
            times=(time(8), time(20)),
            starts_on=date(2026, 10, 1),
            ends_on=date(2026, 10, 7),
            note="=1+1",
        ),
    ):
        save_medicine(session, alice, medicine, decided(alice))
    apart = APART_RULE.row(id=rule, hours=1.5, note="By the label")
    save_rule(session, alice, apart, (iron, thyroid), decided(alice))
    session.commit()

    assert execute_prepared(session, alice, "medicines") == [
        {
            **{"id": str(antibiotic), "name": "Antibiotic", "kind": "", "times": "08:00;20:00"},
            **{"starts_on": "2026-10-01", "ends_on": "2026-10-07", "note": "=1+1"},
        },
        {
            **{"id": str(thyroid), "name": "Thyroid, daily", "kind": "levothyroxine"},
            **{"times": "07:00", "starts_on": "", "ends_on": "", "note": ""},
        },
    ]
    november = execute_prepared(session, alice, "medicines", date(2026, 11, 1))
    assert [row["name"] for row in november] == ["Thyroid, daily"]
    guarded = execute_prepared(session, alice, "medicines", flavour=Flavour.SPREADSHEET)
    assert guarded[0]["note"] == "'=1+1"
    assert execute_prepared(session, alice, "hours-apart") == [
        {
            **{"id": str(rule), "first_item_id": str(iron), "first_medicine_id": ""},
            **{"second_item_id": "", "second_medicine_id": str(thyroid)},
            **{"hours": "1.5", "note": "By the label"},
        }
    ]


def test_the_price_of_a_package_is_listed_with_its_item_at_the_end(
    session: Session, alice: User, iron: UUID
) -> None:
    assert FILES["regimen"].columns[14:16] == ("package_price", "package_amount")
    edit = ItemEdit(name="Iron", tone="mint", package_price=12.9, package_amount=100)
    edit_item(session, session.get_one(RegimenItem, iron), edit, decided(alice, -1))
    session.commit()
    (row,) = execute_prepared(session, alice, "regimen")

    assert (row["package_price"], row["package_amount"]) == ("12.9", "100")


def test_a_hidden_note_and_a_declined_match_are_distinguished_from_ones_never_touched(
    session: Session, alice: User
) -> None:
    untouched = add(session, alice, "Finasteride", donation_note=None)
    edit = ItemEdit(name="Dutasteride", donation_note="")
    declined = add(session, alice, "Dutasteride", catalogue_id="")
    edit_item(session, declined, edit, decided(alice, -1))
    session.commit()
    told = {
        row["id"]: (row["donation_note"], row["donation_note_hidden"], row["match_declined"])
        for row in execute_prepared(session, alice, "regimen")
    }

    assert told[str(untouched.id)] == ("", "false", "false")
    assert told[str(declined.id)] == ("", "true", "true")


def test_where_and_how_it_was_applied_is_at_the_end(session: Session, alice: User) -> None:
    assert FILES["doses"].columns[16:20] == ("zones", "minutes_on", "needle_mm", "is_due")
    assert FILES["regimen"].columns[16:22] == (
        *("neutral_name", "zones", "minutes_on", "dry_minutes", "needle_mm", "shut_out_hours"),
    )
    item = ItemInput(
        name="Needling",
        route="needling",
        neutral_name="Sunday",
        zones=(Zone.TEMPLES, Zone.CROWN),
        needle_mm=0.5,
        shut_out_hours=36,
        starts_on=TODAY,
        dosage=daily((MORNING, 1), (EVENING, 1), unit="session"),
    )
    row = add_item(session, alice, item, decided(alice, 24 * 60))
    session.commit()
    log_dose(session, alice, row, taken(TODAY))
    log_dose(session, alice, row, taken(TODAY, EVENING, status=Answer.SKIPPED))
    (kept,) = execute_prepared(session, alice, "regimen")
    applied = {
        each["due_time"]: (each["zones"], each["minutes_on"], each["needle_mm"])
        for each in execute_prepared(session, alice, "doses", TODAY, TODAY)
    }

    assert (kept["neutral_name"], kept["zones"], kept["needle_mm"]) == (
        *("Sunday", "temples;crown", "0.5"),
    )
    assert (kept["minutes_on"], kept["dry_minutes"], kept["shut_out_hours"]) == ("", "", "36")
    assert applied == {"08:00": ("temples;crown", "", "0.5"), "21:00": ("", "", "")}


def test_excel_in_germany_reads_semicolons_and_decimal_commas(
    session: Session, alice: User
) -> None:
    dosage = daily((MORNING, 0.5), (EVENING, 1.25))
    add(session, alice, "=Zinc; 5.5", dosage)

    text = bytes_of(session, alice, "dosages", flavour=Flavour.DECIMAL_COMMA).decode()

    assert text.startswith("\ufeffid;regimen_item_id;item;")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert row["item"] == "'=Zinc; 5.5"
    assert row["amounts"] == "0,5;1,25"
    assert row["times"] == "08:00;21:00"
    plain = bytes_of(session, alice, "dosages").decode()
    assert "0.5;1.25" in plain


def test_every_setting_is_listed_with_its_value(session: Session, alice: User) -> None:
    changes = SettingsInput(theme=Theme.DARK, is_large=True, currency="=€", day_starts_time=time(4))
    save_settings(session, alice, changes, decided(alice))
    session.commit()

    settings = {
        row["setting"]: row["value"] for row in execute_prepared(session, alice, "settings")
    }

    assert settings == {
        **{"name": "Alice", "time_zone": "Europe/Berlin", "day_starts_time": "04:00"},
        **{"began_on": "2026-09-01", "first_weekday": "1", "theme": "dark", "vitamin_unit": "ug"},
        **{"emergency_line": "", "single_keys": "true", "is_discreet": "false"},
        **{"is_large": "true", "hints_seen": "", "currency": "=€", "measures_on": ""},
        **{"weight_unit": "kg", "language": "", "reminds": "false", "reminder_times": ""},
        **{"reminder_text": "quiet", "quiet_hours": "", "reminds_of_refills": "true"},
    }


def test_the_names_of_the_times_of_day_stand_in_their_order(session: Session, alice: User) -> None:
    assert execute_prepared(session, alice, "times-of-day") == []

    parts = [DayPart("night", "Before work"), DayPart("morning")]
    save_day_parts(session, alice, parts, decided(alice))
    session.commit()

    assert execute_prepared(session, alice, "times-of-day") == [
        {"slug": "night", "name": "Before work", "position": "0"},
        {"slug": "morning", "name": "", "position": "1"},
    ]


def test_the_list_of_symptoms_has_the_own_names(session: Session, alice: User) -> None:
    asked = [
        AskedQuestion(slug="headache", is_asked=True),
        AskedQuestion(slug="own-tingle", name="Tingle", is_asked=False),
    ]
    save_questions(session, alice, asked, decided(alice))
    session.commit()

    rows = execute_prepared(session, alice, "symptom-list")

    assert [(row["slug"], row["name"], row["is_asked"]) for row in rows] == [
        ("headache", "Headache", "true"),
        ("own-tingle", "Tingle", "false"),
    ]
    assert [TRACKED_SYMPTOM_SHEET.values(row)["name"] for row in rows] == ["", "Tingle"]


@given(st.lists(st.tuples(*[st.sampled_from(AWKWARD) | st.none()] * 3), min_size=1, max_size=4))
def test_lines_written_together_are_those_written_one_by_one(
    rows: list[tuple[str | None, ...]],
) -> None:
    together = csv_lines(rows)

    assert together == "".join(map(csv_line, rows))
    assert list(csv.reader(io.StringIO(together, newline=""), strict=True)) == [
        ["" if cell is None else cell for cell in row] for row in rows
    ]
