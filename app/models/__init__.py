"""The tables. Importing this package registers them all on the metadata."""

from app.models.activity import Activity, ActivityKind
from app.models.check_in import CheckIn, SymptomReport, TrackedSymptom
from app.models.deleted_account import DeletedAccount
from app.models.dosage import Dosage, DosageTime
from app.models.dose_event import DoseEvent, ImportedSlot, SkipReason, dose_subject, slot_event_id
from app.models.entry_version import EntryVersion, GivesWay
from app.models.import_batch import ImportBatch, ImportedMedicine, ImportedRow
from app.models.measurement import Measurement
from app.models.medicine import ApartRule, Medicine
from app.models.note import Note, NoteKind
from app.models.pause import Pause
from app.models.preferences import Hint, Preferences, Theme, VitaminUnit
from app.models.progress_photo import HairReview, ProgressPhoto
from app.models.regimen_item import Ingredient, RegimenItem
from app.models.reminder import (
    Delivery,
    DeliveryState,
    PushDevice,
    RefillCall,
    Reminder,
    ReminderClock,
)
from app.models.set_up_link import SetUpLink
from app.models.shedding_count import SheddingCount
from app.models.sign_in import FailedSignIn, SignIn
from app.models.supply_entry import SupplyEntry
from app.models.user import User

__all__ = [
    "Activity",
    "ActivityKind",
    "ApartRule",
    "CheckIn",
    "DeletedAccount",
    "Delivery",
    "DeliveryState",
    "Dosage",
    "DosageTime",
    "DoseEvent",
    "EntryVersion",
    "FailedSignIn",
    "GivesWay",
    "HairReview",
    "Hint",
    "ImportBatch",
    "ImportedMedicine",
    "ImportedRow",
    "ImportedSlot",
    "Ingredient",
    "Measurement",
    "Medicine",
    "Note",
    "NoteKind",
    "Pause",
    "Preferences",
    "ProgressPhoto",
    "PushDevice",
    "RefillCall",
    "RegimenItem",
    "Reminder",
    "ReminderClock",
    "SetUpLink",
    "SheddingCount",
    "SignIn",
    "SkipReason",
    "SupplyEntry",
    "SymptomReport",
    "Theme",
    "TrackedSymptom",
    "User",
    "VitaminUnit",
    "dose_subject",
    "slot_event_id",
]
