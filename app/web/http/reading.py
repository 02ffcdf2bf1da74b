"""Read an HTML form into a pydantic model, keeping what was typed when it fails."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from fastapi import Depends, HTTPException, Request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from starlette.datastructures import FormData

from app.domain.applications import LONGEST_NEEDLE_MM, MOST_MINUTES, MOST_SHUT_OUT_HOURS
from app.domain.clock_times import parse_clock
from app.domain.logical_dates import zone_named
from app.domain.quantities import format_number, parse_number, parse_whole_number
from app.domain.text import in_ascii_digits
from app.errors import Refused
from app.i18n import _, lazy

FormModel = TypeVar("FormModel", bound=BaseModel, covariant=True)
ENTRY_HEADER = "outbox-entry"
ACCOUNT_HEADER = "outbox-account"
# The device's own time, in milliseconds, if its error is unknown.
CLOCK_HEADER = "outbox-clock"
FIRST_YEAR = 1950
LAST_YEAR = 2200
YEAR_FIRST = re.compile(r"\d{4}-")
PLAIN_FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 1_000


@dataclass(frozen=True, slots=True)
class Submission(Generic[FormModel]):
    """A submitted form: valid, or what was typed with one sentence per field."""

    form: FormModel | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def refused(self, refusal: Refused) -> "Submission[FormModel]":
        """Return the same form with the error of a rule."""
        return Submission(None, self.values, {**self.errors, refusal.field: str(refusal)})

    def unchecked(self) -> "Submission[FormModel]":
        """Return the same form to continue with, without errors."""
        return Submission(None, self.values)

    @property
    def sentence(self) -> str:
        """The first error."""
        return next(iter(self.errors.values()), "")


def changed_fields(typed: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return the fields of a form that differ from what its page showed, as `was_NAME` tells.

    A form without the script sends its whole group: a setting that the person left alone is not
    saved, since another device may have changed it meanwhile.
    """
    sent = (name for name in names if name in typed)
    return [name for name in sent if typed[name] != typed.get(f"was_{name}")]


def asks_for_rows(submission: Submission[Any]) -> bool:
    """Whether a button asked for more rows instead of saving the form."""
    return bool(submission.values.get("more"))


def submitted(
    schema: type[FormModel],
) -> Callable[[Request], Awaitable[Submission[FormModel]]]:
    """Make a dependency that reads the request body as `schema`."""

    async def read(request: Request) -> Submission[FormModel]:
        return read_form(schema, await sent_form(request), request.headers.get(ENTRY_HEADER))

    return read


async def sent_form(request: Request) -> FormData:
    """Return the fields as they were sent.

    The framework's own parser reads a stream, character by character; a plain form is short.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != PLAIN_FORM:
        return await request.form()
    body = (await request.body()).decode("latin-1")
    try:
        fields = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    return FormData([*fields])


def read_form(
    schema: type[FormModel], data: FormData, entry_id: str | None = None
) -> Submission[FormModel]:
    """Read form data; empty fields count as not given, repeated ones as a list.

    `entry_id` is the outbox's id of the entry, from a header: the same in every replay.
    """
    values = {name: _value(schema, name, data) for name in data}
    given = {name: value for name, value in values.items() if value not in ("", None, [])}
    if entry_id is not None and "entry_id" in schema.model_fields:
        given["entry_id"] = entry_id
    try:
        return Submission(form=schema.model_validate(given), values=values)
    except ValidationError as error:
        errors = {
            str(each["loc"][0]) if each["loc"] else "": _sentence(each) for each in error.errors()
        }
        return Submission(values=values, errors=errors)


def _value(schema: type[BaseModel], name: str, data: FormData) -> Any:
    texts = [
        _storable(value if isinstance(value, str) else value.filename or "")
        for value in data.getlist(name)
    ]
    return texts if name in _lists(schema) else texts[-1]


@cache
def _lists(schema: type[BaseModel]) -> frozenset[str]:
    """Return the fields that may be sent more than once."""
    fields = schema.model_fields.items()
    return frozenset(name for name, field in fields if "list" in str(field.annotation))


def _storable(text: str) -> str:
    """Remove null characters and lone surrogates, which no database stores."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


SENTENCES = {
    "missing": lazy("Fill this in."),
    "string_too_long": lazy("At most {max_length} characters."),
    "string_pattern_mismatch": lazy("Choose one from the list."),
    "string_too_short": lazy("At least {min_length} characters."),
    "greater_than": lazy("Enter a number above {gt}."),
    "greater_than_equal": lazy("Enter {ge} or more."),
    "less_than_equal": lazy("Enter {le} or less."),
    "less_than": lazy("Enter less than {lt}."),
    "date_from_datetime_parsing": lazy("Enter a date such as 2026-11-23."),
    "date_parsing": lazy("Enter a date such as 2026-11-23."),
    "date_from_datetime_inexact": lazy("Enter a date such as 2026-11-23."),
    "time_parsing": lazy("Enter a time such as 08:00."),
    "enum": lazy("Choose one from the list."),
    "literal_error": lazy("Choose one from the list."),
    "uuid_parsing": lazy("This no longer exists."),
}
LIMITS = {"gt", "ge", "le", "lt"}


def _sentence(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "too_long":
        return _too_long(error)
    if error["type"] == "too_short":
        return str(SENTENCES["missing"])
    sentence = SENTENCES.get(error["type"], lazy("This cannot be read."))
    given = error.get("ctx", {})
    limits = {name: format_number(given[name]) for name in LIMITS & given.keys()}
    return sentence.of(**{**given, **limits})


def _too_long(error: Any) -> str:
    """Return the error for a text behind validators, or for a list with too many lines."""
    most = error["ctx"]["max_length"]
    if isinstance(error["input"], str):
        return _("At most {max_length} characters.", max_length=most)
    return _("At most {max_length} lines.", max_length=most)


def _number(value: Any) -> Any:
    return parse_number(value) if isinstance(value, str) else value


def _whole_number(value: Any) -> Any:
    return parse_whole_number(value) if isinstance(value, str) else value


def _typed_day(value: Any) -> Any:
    """Read a day as people type it; leave anything else for the usual error.

    Pydantic would read a number as seconds since 1970.
    """
    if not isinstance(value, str):
        return value
    text = in_ascii_digits(value).strip()
    return text if YEAR_FIRST.match(text) else ""


def _zone(value: Any) -> Any:
    try:
        zone_named(str(value))
    except (ValueError, OverflowError) as error:
        raise ValueError(_("Choose a time zone from the list.")) from error
    return value


def _day(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(
            _(
                "Enter a date from {first_year} to {last_year}.",
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )
    return value


def read_day(text: str) -> date:
    """Read a date as a form sends it; raise ValueError."""
    return _day(date.fromisoformat(_typed_day(text)))


def _typed_time(value: Any) -> Any:
    """Read a time as people type it; leave other text for the usual error."""
    if not isinstance(value, str):
        return value
    try:
        return parse_clock(value)
    except ValueError:
        return value


def _clock_time(value: time) -> time:
    """Drop seconds and the zone: a wall-clock time to the minute."""
    return value.replace(second=0, microsecond=0, tzinfo=None)


def _instant(value: datetime) -> datetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(_("That time is not possible: enter another one."))
    return value


def _clean(value: Any) -> Any:
    """Return the text with line ends as the database stores them."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
Number = Annotated[float, BeforeValidator(_number)]
Amount = Annotated[float, BeforeValidator(_number), Field(gt=0, le=1_000_000)]
Minutes = Annotated[Number, Field(ge=0, le=MOST_MINUTES)]
NeedleLength = Annotated[Number, Field(ge=0, le=LONGEST_NEEDLE_MM)]
ShutOutHours = Annotated[Number, Field(ge=0, le=MOST_SHUT_OUT_HOURS)]
Text = Annotated[str, BeforeValidator(_clean), Field(max_length=2000)]
LongText = Annotated[str, BeforeValidator(_clean), Field(max_length=10_000)]
OneLine = Annotated[str, BeforeValidator(_one_line), BeforeValidator(_clean)]
Line = Annotated[OneLine, Field(max_length=80)]
ZoneName = Annotated[str, BeforeValidator(_zone), Field(max_length=64)]
Day = Annotated[date, BeforeValidator(_typed_day), AfterValidator(_day)]
ClockTime = Annotated[time, BeforeValidator(_typed_time), AfterValidator(_clock_time)]
Instant = Annotated[AwareDatetime, AfterValidator(_instant)]


class EntryForm(BaseModel):
    """The fields of every logging form besides its own; a form without the outbox may omit them."""

    model_config = ConfigDict(extra="ignore")

    entry_id: UUID = Field(default_factory=uuid4)
    changed_at: Instant | None = None
    time_zone: ZoneName | None = None
    device: str = Field(default="", max_length=64)


BareSubmission = Annotated[Submission[EntryForm], Depends(submitted(EntryForm))]
