"""The settings of reminders: whether they arrive, when they come, and where they go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.diary import Diary
from app.diary.agenda import agenda_on
from app.diary.arrivals import Arrivals, arrivals_of
from app.domain.reminders import PartReminder, QuietHours, part_reminders, quiet_hours
from app.i18n import _, lazy, ngettext
from app.language import words
from app.language.device_words import device_words
from app.language.reminder_words import FAILURES, part_named
from app.models import Delivery, PushDevice, SignIn
from app.web.http.visit import Visit

USUAL_QUIET = QuietHours(time(22, 30), time(7))
ICONS: Mapping[str, tuple[str, str]] = {
    "morning": ("sun", "amber"),
    "midday": ("sun", "copper"),
    "evening": ("moon", "violet"),
    "night": ("moon", "blue"),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A time of day and its reminder."""

    reminder: PartReminder
    name: str
    time_text: str
    rule: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A browser that gets reminders. `warning` says that it gets none any more."""

    id: UUID
    name: str
    is_here: bool
    is_on: bool
    detail: str
    warning: str


@dataclass(frozen=True, slots=True)
class Health:
    """Whether reminders arrive: a sentence, its detail, and the last notifications.

    `strokes` has True for each that a device has shown, oldest first.
    """

    is_good: bool
    title: str
    detail: str
    strokes: tuple[bool, ...]

    @property
    def figure(self) -> str:
        """How many of the last ones arrived."""
        return _("{n} of {all}", n=sum(self.strokes), all=len(self.strokes))


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """Everything the page shows. `here` is this browser's own line, if it gets reminders."""

    health: Health
    parts: tuple[PartLine, ...]
    devices: tuple[DeviceLine, ...]
    here: DeviceLine | None
    quiet: QuietHours
    is_quiet: bool
    counts_supplies: bool


def reminders_page(visit: Visit) -> RemindersPage:
    """Read what is known about a person's reminders."""
    diary = visit.diary
    session, owner = diary.session, diary.owner
    devices = session.exec(PushDevice.of_user(owner.id)).all()
    arrivals = arrivals_of(diary)
    deliveries = arrivals.deliveries
    labels = {each.id: each.device_label for each in session.exec(SignIn.of_user(owner.id))}
    lines = tuple(
        DeviceLine(
            id=device.id,
            name=device_words(labels[device.sign_in_id]),
            is_here=device.sign_in_id == visit.sign_in.id,
            is_on=device.is_on,
            detail=_last_words(diary, device, deliveries),
            warning=_warning(device, deliveries),
        )
        for device in devices
    )
    quiet = quiet_hours(owner.preferences.quiet_hours)
    return RemindersPage(
        health=_health(diary, devices, arrivals),
        parts=tuple(_parts(diary)),
        devices=lines,
        here=next((line for line in lines if line.is_here), None),
        quiet=quiet or USUAL_QUIET,
        is_quiet=quiet is not None,
        counts_supplies=any(item.is_counted for item in diary.regimen.items),
    )


def part_line(diary: Diary, reminder: PartReminder, first_at: time | None) -> PartLine:
    """Word the reminder of a part whose first dose is due at `first_at`."""
    at = reminder.at or first_at
    icon, tone = ICONS[reminder.part]
    return PartLine(
        reminder=reminder,
        name=part_named(diary.owner, reminder.part).name,
        time_text=words.clock(at) if at else "",
        rule=rule_words(reminder),
        icon=icon,
        tone=tone,
    )


def rule_words(reminder: PartReminder) -> str:
    """Say how often a part is called for: again after 15 min, up to 3 times."""
    if not reminder.again_times:
        return _("Once")
    return ngettext(
        "Again after {minutes} min, once",
        "Again after {minutes} min, up to {n} times",
        reminder.again_times,
        minutes=reminder.again_after,
        n=reminder.again_times,
    )


def first_dose_times(diary: Diary) -> dict[str, time]:
    """Return the time of the first dose of each part, of today or the coming days."""
    found: dict[str, time] = {}
    for ahead in range(7):
        agenda = agenda_on(diary, diary.today + timedelta(days=ahead))
        for group in agenda.groups:
            times = [dose.row.at for dose in group.doses if dose.row.at is not None]
            if times:
                found.setdefault(group.part.slug, times[0])
    return found


def _parts(diary: Diary) -> Iterator[PartLine]:
    """Yield the parts in which something is due, in the order of the day."""
    first_times = first_dose_times(diary)
    for part, reminder in part_reminders(diary.owner.preferences.reminder_times).items():
        if part in first_times:
            yield part_line(diary, reminder, first_times[part])


def _health(diary: Diary, devices: Sequence[PushDevice], arrivals: Arrivals) -> Health:
    title, detail = _trouble(diary, devices, arrivals)
    last = _last_shown(diary, arrivals.deliveries)
    is_good = not title
    if is_good and last:
        title = _("Reminders are getting through")
        detail = _("The last one was shown {when}.", when=last)
    elif is_good:
        title, detail = _("Reminders are on"), _("None was due yet. Send a test to be sure.")
    strokes = tuple(each.shown_at is not None for each in reversed(arrivals.deliveries))
    return Health(is_good, title, detail, strokes)


def _trouble(diary: Diary, devices: Sequence[PushDevice], arrivals: Arrivals) -> tuple[str, str]:
    """Return what is wrong in two sentences; empty if nothing is."""
    gone = [device.gone_at for device in devices if device.gone_at]
    if gone and len(gone) == len(devices):
        since = _("Since {when}. Turn reminders on there again.", when=_ago(diary, max(gone)))
        return _("No device accepts notifications any more"), since
    if arrivals.is_silent:
        last = _last_shown(diary, arrivals.deliveries)
        shown = _("The last one was shown {when}.", when=last)
        detail = shown if last else _failure(arrivals.deliveries)
        return _("Reminders are not getting through"), detail
    return "", ""


def _last_shown(diary: Diary, deliveries: Sequence[Delivery]) -> str:
    shown = [each.shown_at for each in deliveries if each.shown_at]
    return _ago(diary, max(shown)) if shown else ""


def _failure(deliveries: Sequence[Delivery]) -> str:
    """Say why the last notification that failed did."""
    failed = next((each.failure for each in deliveries if each.failure in FAILURES), None)
    return str(FAILURES[failed]) if failed else _("No device has shown one yet.")


def _last_words(diary: Diary, device: PushDevice, deliveries: Sequence[Delivery]) -> str:
    shown = [each.shown_at for each in deliveries if each.device_id == device.id and each.shown_at]
    if not shown:
        return _("Nothing shown yet")
    return _("Last shown {when}", when=_ago(diary, max(shown)))


def _warning(device: PushDevice, deliveries: Sequence[Delivery]) -> str:
    if device.gone_at:
        return str(FAILURES["gone"])
    last = next((each for each in deliveries if each.device_id == device.id), None)
    return str(FAILURES[last.failure]) if last and last.failure in FAILURES else ""


def _ago(diary: Diary, instant: datetime) -> str:
    """Say when, as people do: today at 08:00, yesterday at 21:00, 14 November."""
    local = instant.astimezone(diary.owner.zone)
    day: date = local.date()
    here = diary.now.astimezone(diary.owner.zone).date()
    near = {0: lazy("today at {time}"), 1: lazy("yesterday at {time}")}.get((here - day).days)
    at = words.clock(diary.owner.clock_at(instant))
    return near.of(time=at) if near else words.dated(day, diary.today)
