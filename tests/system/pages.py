"""Every page of the application, by a name, with its address for a person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import TypeVar

from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.photo_views import HairState
from app.domain.timing import DoseTime, TimingKind
from app.models import (
    ApartRule,
    Dosage,
    DoseEvent,
    Measurement,
    Medicine,
    Note,
    NoteKind,
    Pause,
    ProgressPhoto,
    RegimenItem,
    SignIn,
    SupplyEntry,
    User,
)
from app.services.dosages import DosageInput
from tests.support.clock import NOW
from tests.support.people import BEGAN_ON
from tests.support.regimens import EVENING, MORNING, add

Row = TypeVar("Row", bound=SQLModel)

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
NEXT_WEEK = TODAY + timedelta(days=7)
PHOTOS_ON = TODAY - timedelta(days=9)
LONG_AGO = date(2024, 1, 10)
# The third morning of a set in the demonstration's year.
COUNTED = date(2026, 11, 4)
# In the demonstration's year, before needling was paused.
NEEDLED = TODAY - timedelta(days=19)
LONGEST_WORD = "Tetrahydrocurcuminphosphatidylserine complex"


@dataclass(frozen=True)
class Finder:
    """Finds a person's rows, to make addresses of."""

    session: Session
    person: User

    def item(self, name: str) -> str:
        """The page of an item."""
        found = self._one(select(RegimenItem).where(RegimenItem.name == name))
        return f"/regimen/{found.id}"

    def dosage(self) -> str:
        """A dosage of an item that had several."""
        item = self.item("Magnesium L-threonate").rsplit("/", 1)[1]
        rows = self.session.exec(select(Dosage)).all()
        return f"/dosages/{next(row.id for row in rows if str(row.regimen_item_id) == item)}"

    def pause(self) -> str:
        """A pause."""
        return f"/pauses/{self._one(select(Pause)).id}"

    def pack(self) -> str:
        """A pack, or another entry of a supply."""
        return f"/supply/{self._one(select(SupplyEntry)).id}"

    def note(self, kind: NoteKind) -> str:
        """A note, or an event."""
        return f"/notes/{self._one(select(Note).where(Note.kind == kind)).id}"

    def measurement(self) -> str:
        """A reading of blood pressure, pulse and weight."""
        return f"/measurements/{self._one(select(Measurement)).id}/edit"

    def medicine(self) -> str:
        """Another medicine."""
        return f"/regimen/medicines/{self._one(select(Medicine)).id}/edit"

    def rule(self) -> str:
        """An own rule of hours apart."""
        return f"/regimen/hours-apart/{self._one(select(ApartRule)).id}/edit"

    def sign_in(self) -> str:
        """A device that is signed in."""
        return f"/settings/sign-ins/{self._one(select(SignIn)).id}/delete"

    def photo(self) -> str:
        """A photo of wet hair, with a note."""
        wet = select(ProgressPhoto).where(ProgressPhoto.hair == HairState.WET)
        return f"/photos/{self._one(wet).id}"

    def dose(self, on: date, name: str, at: str) -> str:
        """The sheet of a dose."""
        return f"/days/{on}/doses/{self.item(name).rsplit('/', 1)[1]}/{at}"

    def free_dose(self) -> str:
        """The sheet of a dose that has no slot."""
        events = self.session.exec(select(DoseEvent)).all()
        return f"/doses/{next(event.id for event in events if event.due_time is None)}"

    def _one(self, statement: SelectOfScalar[Row]) -> Row:
        found = self.session.exec(statement).first()
        assert found is not None
        return found


Address = Callable[[Finder], str]


def add_other_timings(session: Session, person: User) -> None:
    """Items of the kinds of timing that the demonstration's year lacks, and a very long name."""
    weekdays = (DoseTime(MORNING, 1, "135"), DoseTime(EVENING, 2, "67"))
    once = (DoseTime(MORNING, 1),)
    for name, dosage in {
        "Some weekdays": DosageInput(unit="tablet", kind=TimingKind.WEEKDAYS, times=weekdays),
        "Days of the month": DosageInput(
            unit="IU", kind=TimingKind.DAYS_OF_MONTH, times=once, days_of_month=(1, 15, 31)
        ),
        "In cycles": DosageInput(
            unit="drop",
            kind=TimingKind.CYCLE,
            times=(DoseTime(time(12, 30), 0.25),),
            cycle_on=21,
            cycle_off=7,
        ),
        LONGEST_WORD: DosageInput(unit="mg", kind=TimingKind.DAILY, times=once),
    }.items():
        add(session, person, name, dosage, starts_on=BEGAN_ON)


def fixed(path: str) -> Address:
    """An address that is the same for everybody."""
    return lambda _find: path


def of_item(name: str, path: str = "") -> Address:
    """A page below an item's."""
    return lambda find: find.item(name) + path


MINOXIDIL, MAGNESIUM = "Minoxidil", "Magnesium L-threonate"

# Pages that look different when nothing is there yet.
EMPTY: Mapping[str, str] = MappingProxyType(
    {
        "Today": "/",
        "yesterday": f"/days/{YESTERDAY}",
        "a day to come": f"/days/{NEXT_WEEK}",
        "the log": f"/days/{TODAY}/log",
        "an extra dose": f"/days/{TODAY}/as-needed",
        "the check-in": f"/days/{TODAY}/check-in",
        "the month": "/calendar/2026-11",
        "notes": "/notes",
        "shedding": "/shedding",
        "a first count": f"/days/{TODAY}/shedding/sixty_second",
        "photos": "/photos",
        "adding photos": f"/days/{TODAY}/photos/new",
        "the regimen": "/regimen",
        "the search": "/regimen/new",
        "what it adds up to": "/regimen/totals",
        "the list for the lab": f"/days/{TODAY}/lab-list",
        "hours apart": "/regimen/hours-apart",
        "other medicines": "/regimen/medicines",
        "the export": "/export",
        "settings": "/settings",
        "the phone": "/phone",
        "measurements": "/measurements",
        "the shopping list": "/regimen/shopping",
        "the packing list": "/regimen/packing",
    }
)

FULL: Mapping[str, Address] = MappingProxyType(
    {
        "Today": fixed("/"),
        "yesterday": fixed(f"/days/{YESTERDAY}"),
        "a day before the account": fixed(f"/days/{LONG_AGO}"),
        "a day to come": fixed(f"/days/{NEXT_WEEK}"),
        "a dose": lambda find: find.dose(TODAY, MINOXIDIL, "08:00"),
        "an open dose": lambda find: find.dose(TODAY, LONGEST_WORD, "08:00"),
        "a dose to come": lambda find: find.dose(NEXT_WEEK, MINOXIDIL, "08:00"),
        "a topical taken": lambda find: find.dose(YESTERDAY, MINOXIDIL, "21:00"),
        "a session of needling": lambda find: find.dose(NEEDLED, "Microneedling", "20:00"),
        "a dose without a slot": lambda find: find.free_dose(),
        "one time for all": fixed(f"/days/{TODAY}/take-all/morning"),
        "an extra dose": fixed(f"/days/{TODAY}/as-needed"),
        "the log": fixed(f"/days/{TODAY}/log"),
        "the check-in": fixed(f"/days/{TODAY}/check-in"),
        "this month": fixed("/calendar"),
        "the month before": fixed("/calendar/2026-10"),
        "this week's trends": fixed("/trends"),
        "last week's trends": fixed("/trends/2026-W47"),
        "three months": fixed("/trends/3-months"),
        "a year": fixed("/trends/year"),
        "everything": fixed("/trends/all"),
        "one's own dates": fixed("/trends/dates?from=2026-10-01&to=2026-10-20"),
        "notes": fixed("/notes"),
        "a new note": fixed(f"/days/{TODAY}/notes/new"),
        "a new event": fixed(f"/days/{TODAY}/notes/new?kind=event"),
        "a note": lambda find: find.note(NoteKind.NOTE) + "/edit",
        "an event": lambda find: find.note(NoteKind.EVENT) + "/edit",
        "shedding": fixed("/shedding"),
        "washes": fixed("/shedding?method=wash"),
        "a new count": fixed(f"/days/{TODAY}/shedding"),
        "combing": fixed(f"/days/{TODAY}/shedding/sixty_second#comb"),
        "a count": fixed(f"/days/{COUNTED}/shedding/sixty_second"),
        "a wash": fixed(f"/days/{TODAY}/shedding/wash"),
        "the pictures": fixed(f"/days/{TODAY}/shedding/picture"),
        "a free count": fixed(f"/days/{TODAY}/shedding/daily"),
        "a count before the account": fixed(f"/days/{LONG_AGO}/shedding/sixty_second"),
        "photos": fixed("/photos"),
        "photos of the crown": fixed("/photos?view=vertex"),
        "photos of a view without any": fixed("/photos?view=left_temple"),
        "a photo": lambda find: find.photo(),
        "deleting a photo": lambda find: find.photo() + "/delete",
        "adding photos": fixed(f"/days/{TODAY}/photos/new"),
        "a day with photos": fixed(f"/days/{PHOTOS_ON}"),
        "part width and change": fixed(f"/days/{PHOTOS_ON}/hair-review"),
        "measurements": fixed("/measurements"),
        "a new measurement": fixed(f"/days/{TODAY}/measurements/new"),
        "a measurement": lambda find: find.measurement(),
        "the regimen": fixed("/regimen"),
        "the search": fixed("/regimen/new"),
        "adding from the catalogue": fixed("/regimen/new?catalogue_id=vitamin-d3"),
        "adding a procedure": fixed("/regimen/new?catalogue_id=microneedling"),
        "a set": fixed("/regimen/sets/magnesium-l-threonate"),
        "an item taken daily": of_item(MAGNESIUM),
        "a supply with more on its way": of_item(MINOXIDIL),
        "a pack": of_item(MAGNESIUM, "/supply/new"),
        "a pack that is here": lambda find: find.pack() + "/edit",
        "a count of a supply": of_item(MAGNESIUM, "/supply/count"),
        "when to buy again": of_item(MAGNESIUM, "/supply/reminder"),
        "the shopping list": fixed("/regimen/shopping"),
        "the packing list": fixed("/regimen/packing"),
        "an item taken some days a week": of_item("Ketoconazole shampoo"),
        "a paused item": of_item("Microneedling"),
        "an item taken when needed": of_item("Paracetamol"),
        "a stopped item": of_item("Biotin"),
        "an item of weekdays": of_item("Some weekdays"),
        "an item of days of the month": of_item("Days of the month"),
        "an item in cycles": of_item("In cycles"),
        "an item with a long name": of_item(LONGEST_WORD),
        "editing an item": of_item(MAGNESIUM, "/edit"),
        "editing a topical": of_item(MINOXIDIL, "/edit"),
        "editing a procedure": of_item("Microneedling", "/edit"),
        "what it adds up to": fixed("/regimen/totals"),
        "the list for the lab": fixed(f"/days/{TODAY}/lab-list"),
        "a blood test ahead": fixed(f"/days/{NEXT_WEEK}/notes/new?kind=event&label=blood_test"),
        "hours apart": fixed("/regimen/hours-apart"),
        "a new rule": fixed("/regimen/hours-apart/new"),
        "a rule": lambda find: find.rule(),
        "other medicines": fixed("/regimen/medicines"),
        "a new medicine": fixed("/regimen/medicines/new"),
        "a medicine": lambda find: find.medicine(),
        "stopping an item": of_item(MINOXIDIL, "/stop"),
        "restarting an item": of_item(MINOXIDIL, "/restart"),
        "deleting an item": of_item(MINOXIDIL, "/delete"),
        "changing a dose": of_item(MINOXIDIL, "/dosages/new"),
        "a taper": of_item(MINOXIDIL, "/taper"),
        "correcting a dose": lambda find: find.dosage() + "/edit",
        "a new pause": of_item(MINOXIDIL, "/pauses/new"),
        "a pause": lambda find: find.pause() + "/edit",
        "settings": fixed("/settings"),
        "the password": fixed("/settings/password"),
        "the name": fixed("/settings/name"),
        "the devices": fixed("/settings/devices"),
        "signing out a device": lambda find: find.sign_in(),
        "signing out the others": fixed("/settings/sign-ins/others/delete"),
        "the activity": fixed("/settings/activity"),
        "what is asked": fixed("/settings/check-in"),
        "the times of day": fixed("/settings/times-of-day"),
        "the phone": fixed("/phone"),
        "deleting the account": fixed("/settings/delete"),
        "the export": fixed("/export"),
        "about": fixed("/about"),
        "sources": fixed("/about/sources"),
        "order": fixed("/regimen/order"),
        "reminders": fixed("/reminders"),
        "the reminder of a time of day": fixed("/reminders/times/evening"),
        "what is due": fixed(f"/due/{TODAY}/evening"),
        "recently deleted": fixed("/regimen/deleted"),
        "the first day": fixed("/settings/first-day"),
        "offline": fixed("/offline"),
        "waiting": fixed("/waiting"),
        "signing in": fixed("/sign-in"),
        "a page that is not there": fixed("/days/2026-11-23/nothing"),
    }
)

# Answered, but no page: files, and what machines ask.
NO_PAGES = {
    *(
        "download_csv",
        "download_everything",
        "download_chart",
        "show_photo_file",
        "healthz",
        "show_health",
    ),
    *("manifest", "service_worker", "show_offline_plan"),
}
