"""Reminders: when they come, where they go, whether they arrive, and what a tap on one opens."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field

from app.domain.reminders import (
    AGAIN_AFTER,
    AGAIN_TIMES,
    PARTS,
    PartReminder,
    ReminderText,
    part_reminders,
)
from app.errors import NotFound, Refused
from app.i18n import _
from app.language.reminder_words import FAILURES
from app.models import PushDevice
from app.models.reminder import LONGEST_ADDRESS
from app.push import push_sender
from app.push.addresses import NotAllowedAddress, PushServices
from app.push.content import contact_of, content, subscription_of
from app.push.keys import read_push_key
from app.push.message import Message, Sent
from app.services.preferences import SettingsInput, save_part_reminder, save_settings
from app.services.reminders import (
    Subscribed,
    add_device,
    new_delivery,
    note_sent,
    note_shown,
    snooze,
)
from app.settings import Settings
from app.web.http.deps import SessionRoute, SettingsDep, VisitDep, VisitsDep
from app.web.http.entries import Saving, refused
from app.web.http.reading import (
    ENTRY_HEADER,
    ClockTime,
    Day,
    EntryForm,
    Instant,
    Submission,
    WholeNumber,
    changed_fields,
    submitted,
)
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.reminders.due import due_page
from app.web.pages.reminders.page import (
    first_dose_times,
    part_line,
    reminders_page,
)

router = APIRouter(tags=["reminders"], route_class=SessionRoute)

OnOff = Literal["on", "off"]
# A test that is not there by then is not worth showing.
TEST_TTL = 60


class RemindersForm(EntryForm):
    """One or more choices about reminders; what is not sent stays."""

    reminds: OnOff | None = None
    reminds_of_refills: OnOff | None = None
    reminder_text: ReminderText | None = None
    quiet: OnOff | None = None
    quiet_begins: ClockTime | None = None
    quiet_ends: ClockTime | None = None
    morning: OnOff | None = None
    midday: OnOff | None = None
    evening: OnOff | None = None
    night: OnOff | None = None

    @property
    def parts(self) -> Mapping[str, bool]:
        """Whether each part of the day is called for."""
        given = {
            "morning": self.morning,
            "midday": self.midday,
            "evening": self.evening,
            "night": self.night,
        }
        return {part: value == "on" for part, value in given.items()}


class PartForm(EntryForm):
    """How one part of the day is called for. Without a time: when its first dose is due."""

    at: ClockTime | None = None
    again_after: WholeNumber
    again_times: WholeNumber


class DeviceForm(BaseModel):
    """How to reach this browser, as its `PushSubscription` says."""

    endpoint: Annotated[str, Field(max_length=LONGEST_ADDRESS)]
    p256dh: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{80,100}=*$")]
    auth: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{20,30}=*$")]


class SwitchForm(BaseModel):
    """Whether a device gets reminders."""

    is_on: OnOff


class ShownForm(BaseModel):
    """A notification that this device has shown."""

    delivery: UUID


class SnoozeForm(EntryForm):
    """When to ask again."""

    on: Day
    part: str
    until: Instant


RemindersSubmission = Annotated[Submission[RemindersForm], Depends(submitted(RemindersForm))]
PartSubmission = Annotated[Submission[PartForm], Depends(submitted(PartForm))]
DeviceSubmission = Annotated[Submission[DeviceForm], Depends(submitted(DeviceForm))]
SwitchSubmission = Annotated[Submission[SwitchForm], Depends(submitted(SwitchForm))]
ShownSubmission = Annotated[Submission[ShownForm], Depends(submitted(ShownForm))]
SnoozeSubmission = Annotated[Submission[SnoozeForm], Depends(submitted(SnoozeForm))]


@router.get("/reminders", name="show_reminders")
def show(request: Request, visit: VisitDep, settings: SettingsDep) -> Response:
    """Show whether reminders arrive, when they come, and where they go."""
    return render(request, "reminders/show.html", _context(visit, settings, Submission()))


@router.post("/reminders", name="update_reminders")
def update(
    request: Request, visit: VisitDep, settings: SettingsDep, submission: RemindersSubmission
) -> Response:
    """Save the changed choices."""
    with Saving(visit.diary.session, submission) as entry:
        _save(visit, entry.form, submission.values)
        return entry.accepted(request, path_for(request, "show_reminders"))
    context = _context(visit, settings, entry.submission)
    return refused(request, entry.submission, "reminders/show.html", context)


@router.get("/reminders/times/{part}", name="edit_part_reminder")
def edit_part(request: Request, visit: VisitDep, part: str) -> Response:
    """Show how one part of the day is called for."""
    return render(request, "reminders/part.html", _part_context(visit, part, Submission()))


@router.post("/reminders/times/{part}", name="update_part_reminder")
def update_part(
    request: Request, visit: VisitDep, part: str, submission: PartSubmission
) -> Response:
    """Save how one part of the day is called for."""
    before = _reminder(visit, part)
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        if form.again_after not in AGAIN_AFTER or form.again_times not in AGAIN_TIMES:
            raise Refused(_("Choose one from the list."), "again_after")
        reminder = PartReminder(part, before.is_on, form.at, form.again_after, form.again_times)
        save_part_reminder(visit.diary.session, visit.viewer, reminder, visit.decision(form))
        return entry.accepted(request, path_for(request, "show_reminders"))
    context = _part_context(visit, part, entry.submission)
    return refused(request, entry.submission, "reminders/part.html", context)


@router.post("/reminders/devices", name="add_push_device")
def add(
    request: Request, visit: VisitDep, settings: SettingsDep, submission: DeviceSubmission
) -> Response:
    """Send reminders to this browser from now on."""
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        try:
            PushServices(settings.push_services).check(form.endpoint)
        except NotAllowedAddress as error:
            raise Refused(str(FAILURES["not_allowed"]), "endpoint") from error
        origin = f"{request.url.scheme}://{request.url.netloc}{settings.prefix}"
        way = Subscribed(form.endpoint, form.p256dh, form.auth, origin)
        session, now = visit.diary.session, visit.diary.now
        add_device(session, visit.viewer, visit.sign_in.id, way, now)
        if not visit.viewer.preferences.reminds:
            chosen = SettingsInput(reminds=True)
            save_settings(session, visit.viewer, chosen, visit.decision(EntryForm()))
        session.commit()
        return Response(status_code=204)
    return JSONResponse({"sentence": entry.submission.sentence}, status_code=422)


@router.post("/reminders/devices/{device_id}", name="update_push_device")
def switch(
    request: Request, visit: VisitDep, device_id: UUID, submission: SwitchSubmission
) -> Response:
    """Send reminders to a device, or no longer."""
    device = visit.diary.own(PushDevice, device_id)
    with Saving(visit.diary.session, submission) as entry:
        device.is_on = entry.form.is_on == "on"
        visit.diary.session.add(device)
        return entry.accepted(request, path_for(request, "show_reminders"))
    return JSONResponse({"sentence": entry.submission.sentence}, status_code=422)


@router.post("/reminders/test", name="send_test_reminder")
def send_test(visits: VisitsDep, settings: SettingsDep) -> Response:
    """Send a notification to this browser now; it tells the page once it is shown."""
    with visits() as visit:
        of_this = PushDevice.of_user(visit.viewer.id).where(
            PushDevice.sign_in_id == visit.sign_in.id
        )
        device = visit.diary.session.exec(of_this).first()
        if device is None:
            told = {"delivery": "", "sentence": _("This device gets no reminders.")}
            return JSONResponse(told, status_code=422)
        delivery = new_delivery(visit.diary.session, device, visit.diary.now, None, None)
        message = _test_message(device, delivery.id, str(visit.viewer.id))
        delivery_id = delivery.id
        visit.diary.session.commit()
    # No session is open while the push service answers.
    sender = push_sender(settings.data_dir, settings.push_services)
    try:
        [result] = sender.send([message])
    finally:
        sender.close()
    failure = "" if result.outcome is Sent.SENT else result.outcome.value
    with visits() as visit:
        note_sent(visit.diary.session, {delivery_id: failure}, visit.diary.now)
        visit.diary.session.commit()
    sentence = str(FAILURES[failure]) if failure else ""
    return JSONResponse({"delivery": str(delivery_id), "sentence": sentence})


@router.post("/reminders/shown", name="note_reminder_shown")
def shown(visit: VisitDep, submission: ShownSubmission) -> Response:
    """Take note that this device has shown a notification."""
    if submission.form is None:
        return Response(status_code=422)
    note_shown(visit.diary.session, visit.viewer, submission.form.delivery, visit.diary.now)
    visit.diary.session.commit()
    return Response(status_code=204)


@router.post("/reminders/snooze", name="snooze_reminder")
def snooze_part(request: Request, visit: VisitDep, submission: SnoozeSubmission) -> Response:
    """Ask again later, on every device."""
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        diary = visit.diary
        snooze(diary.session, visit.viewer, form.on, form.part, form.until, diary.now)
        return entry.accepted(
            request, path_for(request, "show_due", on=form.on, part=form.part) + "?snoozed=1"
        )
    if submission.form is None:
        return _refuse_unreadable(request, entry.submission)
    context = _due_context(visit, submission.form.on, submission.form.part, entry.submission)
    return refused(request, entry.submission, "reminders/due.html", context)


@router.get("/due/{on}/{part}", name="show_due")
def show_due(request: Request, visit: VisitDep, on: Day, part: str, snoozed: str = "") -> Response:
    """Show what is due now, as a notification opens it."""
    context = _due_context(visit, on, part, Submission())
    return render(request, "reminders/due.html", {**context, "is_snoozed": bool(snoozed)})


def _save(visit: Visit, form: RemindersForm, typed: Mapping[str, Any]) -> None:
    """Save what differs from what the page showed."""
    session, user = visit.diary.session, visit.viewer
    decision = visit.decision(form)
    changed = changed_fields(typed, RemindersForm.model_fields)
    chosen: dict[str, Any] = {}
    if "reminds" in changed:
        chosen["reminds"] = form.reminds == "on"
    if "reminds_of_refills" in changed:
        chosen["reminds_of_refills"] = form.reminds_of_refills == "on"
    if "reminder_text" in changed and form.reminder_text:
        chosen["reminder_text"] = form.reminder_text
    if {"quiet", "quiet_begins", "quiet_ends"} & {*changed}:
        chosen["quiet_hours"] = _quiet(visit, form)
    if chosen:
        save_settings(session, user, SettingsInput(**chosen), decision)
    for part, is_on in form.parts.items():
        if part in changed:
            before = _reminder(visit, part)
            reminder = PartReminder(
                part,
                is_on=is_on,
                at=before.at,
                again_after=before.again_after,
                again_times=before.again_times,
            )
            save_part_reminder(session, user, reminder, decision)


def _quiet(visit: Visit, form: RemindersForm) -> tuple[str, ...]:
    """Return the quiet hours to store; changing one end turns them on."""
    if form.quiet == "off":
        return ()
    before = reminders_page(visit).quiet
    begins, ends = form.quiet_begins or before.begins, form.quiet_ends or before.ends
    if begins == ends:
        raise Refused(_("Quiet hours need two different times."), "quiet_ends")
    return (_minutes(begins), _minutes(ends))


def _minutes(at: time) -> str:
    return at.isoformat("minutes")


def _reminder(visit: Visit, part: str) -> PartReminder:
    if part not in PARTS:
        raise NotFound
    return part_reminders(visit.viewer.preferences.reminder_times)[part]


def _context(visit: Visit, settings: Settings, submission: Submission[Any]) -> dict[str, Any]:
    return {
        "nav": "settings",
        "page": reminders_page(visit),
        "push_key": read_push_key(settings.data_dir).for_browsers,
        "submission": submission,
    }


def _part_context(visit: Visit, part: str, submission: Submission[Any]) -> dict[str, Any]:
    reminder = _reminder(visit, part)
    first_at = first_dose_times(visit.diary).get(part)
    return {
        "nav": "settings",
        "line": part_line(visit.diary, reminder, first_at),
        "first_at": first_at,
        "submission": submission,
    }


def _refuse_unreadable(request: Request, submission: Submission[Any]) -> Response:
    """Refuse a snooze that names no part of a day, so that there is no page to show it on."""
    echo = {ENTRY_HEADER: request.headers[ENTRY_HEADER]} if ENTRY_HEADER in request.headers else {}
    return PlainTextResponse(submission.sentence, status_code=422, headers=echo)


def _due_context(visit: Visit, on: Day, part: str, submission: Submission[Any]) -> dict[str, Any]:
    if part not in PARTS:
        raise NotFound
    page = due_page(visit, on, part)
    return {"nav": "today", "page": page, "submission": submission, "is_snoozed": False}


def _test_message(device: PushDevice, delivery_id: UUID, account: str) -> Message:
    return Message(
        to=subscription_of(device),
        content=content(
            _("This is a test"),
            _("Reminders reach this device."),
            address=f"{device.origin}/reminders",
            delivery_id=delivery_id,
            tag="test",
            account=account,
        ),
        topic="test",
        ttl=TEST_TTL,
        contact=contact_of(device.origin),
    )
