"""All that a person has entered is in a file of the export, or there is a reason why not."""

from sqlmodel import SQLModel

import app.models  # noqa: F401  (registers the tables)
from app.records import SETTINGS
from tests.records.sheets import every_sheet

OWNER = "whose row it is: the file belongs to one person"
FOLLOWS = "follows from the day"
SERVER = "noted by the server, not entered"
SECRET = "would let others in"
STATE = "counts changes for caches"
IMPORTS = "remembers what a file said; the file says so itself"

# Tables of which nothing is entered by a person.
NOT_ENTERED = {
    "activity": "the log of sign-ins, in activity.csv",
    "deleted_account": "of an account that is gone",
    "entry_version": "earlier states of what the files hold",
    "failed_sign_in": "wrong passwords of a few minutes",
    "import_batch": IMPORTS,
    "imported_medicine": IMPORTS,
    "imported_row": IMPORTS,
    "delivery": "what was sent to whom, and whether it arrived",
    "refill_call": "the items of which a person was told that they run low",
    "push_device": "the browsers that get notifications",
    "reminder": "what was sent for a day",
    "reminder_clock": "when reminders are looked at next",
    "set_up_link": "the link of the first account",
    "sign_in": "the browsers that are signed in",
}
REASONS = {
    "dosage_time.id": "the times of a dosage have no names of their own",
    "dosage_time.dosage_id": "the times stand in the row of their dosage",
    "imported_slot.import_batch_id": IMPORTS,
    "progress_photo.size_bytes": "the size of the file in the archive",
    "regimen_item.created_at": SERVER,
    "tracked_symptom.id": "nothing refers to it: the slug names the symptom",
    "user_account.id": "in the names of the photos",
    "user_account.name_key": "follows from the name",
    "user_account.password_hash": SECRET,
    "user_account.regimen_version": STATE,
    "user_account.log_version": STATE,
    "user_account.created_at": SERVER,
}
# Cells that are worked out for a file, and the columns that they hold.
WORKED_OUT = {
    "dose_event.status": "doses",
    "tracked_symptom.name": "symptom-list",
    "dosage_time.at": "dosages",
    "dosage_time.amount": "dosages",
    "dosage_time.days_of_week": "dosages",
    "preferences.day_parts": "times-of-day",
}


def held() -> dict[str, str]:
    """Each column of a table that a file holds, and the file's name."""
    found = {
        f"{sheet.table.__tablename__}.{stored}": name
        for name, sheet in every_sheet().items()
        for stored in sheet.stored
    }
    tables = SQLModel.metadata.tables
    for setting in SETTINGS:
        of_account = setting.stored in tables["user_account"].columns
        found[f"{'user_account' if of_account else 'preferences'}.{setting.stored}"] = "settings"
    return found | WORKED_OUT


def test_every_column_is_in_a_file_or_has_a_reason_not_to_be() -> None:
    in_files = held()
    reasons = {
        **{f"{table}.user_id": OWNER for table in SQLModel.metadata.tables},
        **{f"{table}.iso_week": FOLLOWS for table in SQLModel.metadata.tables},
        **REASONS,
    }
    columns = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if table.name not in NOT_ENTERED
    ]

    assert [each for each in columns if each not in in_files and each not in reasons] == []
    assert [each for each in in_files if each in reasons] == []


def test_no_reason_is_given_for_what_is_not_there() -> None:
    tables = SQLModel.metadata.tables
    named = [each.split(".") for each in (*REASONS, *WORKED_OUT)]

    assert NOT_ENTERED.keys() <= tables.keys()
    assert [
        f"{table}.{column}" for table, column in named if column not in tables[table].columns
    ] == []
