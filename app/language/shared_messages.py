"""Messages that both the server and the phone's code show.

The phone receives them in the language of its page (`app.web.http.phone_words`), so each sentence
is written only once, here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.i18n import lazy, lazy_in, lazy_plural

SHORT_DAY = lazy("{day} {month}")
DAYS_TO = lazy("{first} to {last}")
# The first day is a bare number: 21 to 23 Nov.
DAY_TO = lazy_in("day of the month", "{first} to {last}")
DAYS = lazy_plural("{n} day", "{n} days")
TAKEN_OF_DUE = lazy("{taken} of {due} taken")

# When a dose is due, relative to now.
DUE_NOW = lazy("due now")
DUE_SOON = lazy("in {minutes}")
DUE_BEFORE = lazy("due {minutes} ago")
DUE_AT = lazy("due {time}")
WAS_DUE_AT = lazy("was due at {time}")

# The open and unlogged doses of a day.
ALL_DONE = lazy("All done")
TO_GO = lazy("{count} to go")
COUNT_NOT_LOGGED = lazy("{count} not logged")

# The state of a dose.
SKIPPED = lazy("skipped")
NOT_LOGGED = lazy("not logged")
TAKEN_AT = lazy("taken {time}")
FILLED_IN_LATER = lazy("taken, filled in later")

# Questions before a dose over a limit.
MOST_REACHED = lazy("You\N{RIGHT SINGLE QUOTATION MARK}ve reached the daily maximum ({most}).")
NEXT_AT = lazy("Next at {time}.")
NEXT_TOMORROW = lazy("Next tomorrow at {time}.")
NEXT_ON = lazy("Next on {day} at {time}.")
LOG_ANYWAY_QUESTION = lazy("Log it anyway?")

SHARED: Mapping[str, lazy | lazy_plural] = MappingProxyType(
    {
        "short_day": SHORT_DAY,
        "days_to": DAYS_TO,
        "day_to": DAY_TO,
        "days": DAYS,
        "taken_of_due": TAKEN_OF_DUE,
        "due_now": DUE_NOW,
        "due_soon": DUE_SOON,
        "due_before": DUE_BEFORE,
        "due_at": DUE_AT,
        "was_due_at": WAS_DUE_AT,
        "all_done": ALL_DONE,
        "to_go": TO_GO,
        "count_not_logged": COUNT_NOT_LOGGED,
        "skipped": SKIPPED,
        "not_logged": NOT_LOGGED,
        "taken_at": TAKEN_AT,
        "filled_in_later": FILLED_IN_LATER,
        "most_reached": MOST_REACHED,
        "next_at": NEXT_AT,
        "next_tomorrow": NEXT_TOMORROW,
        "next_on": NEXT_ON,
        "log_anyway_question": LOG_ANYWAY_QUESTION,
    }
)
