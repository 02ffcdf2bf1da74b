"""The messages of the phone's own code, as one table in each language.

Offline, the phone shows waiting entries, the state of doses and refusals without asking the server.
The table is a module of its own (`Assets.words`), which `static/js/lib/words.js` imports; the
browser code contains no sentence.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from app.domain.timing import ON_TIME
from app.i18n import current, lazy, lazy_plural
from app.language import words
from app.language.shared_messages import SHARED

MESSAGES: Mapping[str, lazy | lazy_plural] = MappingProxyType(
    {
        **SHARED,
        # Waiting entries.
        "offline": lazy("Offline"),
        "offline_waiting": lazy("Offline: {n} waiting"),
        "waiting": lazy("{n} waiting"),
        "sign_in_to_send": lazy("Sign in to send {n}"),
        "leaving": lazy("{n} not sent yet. Sign out anyway and lose what was not sent?"),
        "send_now": lazy("Send now"),
        "save_as_file": lazy("Save as a file"),
        "no_connection": lazy("Still no connection. It will be sent automatically."),
        "new_entry": lazy("New entry"),
        "state_taken": lazy("taken"),
        "state_undone": lazy("undone"),
        "retry": lazy("Retry"),
        "edit": lazy("Edit"),
        "discard": lazy("Discard"),
        # Errors.
        "device_full": lazy(
            "This device is full, so this was not saved. Free some space or connect to your "
            "server, then try again."
        ),
        "server_failed": lazy("The server failed three times."),
        "not_accepted": lazy("The server did not accept this ({status})."),
        "log_anyway": lazy("Log it anyway"),
        "log_not": lazy("Don\N{RIGHT SINGLE QUOTATION MARK}t log it"),
        "clock_behind": lazy(
            "This device\N{RIGHT SINGLE QUOTATION MARK}s clock is {hours} behind your "
            "server\N{RIGHT SINGLE QUOTATION MARK}s. Change the times of entries not sent yet too?"
        ),
        "clock_ahead": lazy(
            "This device\N{RIGHT SINGLE QUOTATION MARK}s clock is {hours} ahead of your "
            "server\N{RIGHT SINGLE QUOTATION MARK}s. Change the times of entries not sent yet too?"
        ),
        "move_later": lazy("Move it {hours} later"),
        "move_earlier": lazy("Move it {hours} earlier"),
        "leave_it": lazy("Leave it"),
        # Logged entries.
        "dose_taken": lazy("{dose} taken"),
        "dose_skipped": lazy("{dose} skipped"),
        "doses_taken": lazy_plural("{n} dose taken", "{n} doses taken"),
        "doses_skipped": lazy_plural("{n} dose skipped", "{n} doses skipped"),
        "an_entry": lazy("An entry"),
        "hair_review": lazy("Part width and overall change"),
    }
)
# Browser locales for clock times, weekdays and numbers, if the language code is not enough.
BROWSER_LOCALES = {"en": "en-GB"}


def phone_words() -> dict[str, Any]:
    """Return the table in the current language."""
    code = current().code
    return {
        "locale": BROWSER_LOCALES.get(code, code),
        "onTimeMinutes": ON_TIME // timedelta(minutes=1),
        "nearMinutes": words.NEAR_MINUTES,
        "numbers": [str(each) for each in words.NUMBERS],
        "months": [str(each) for each in words.SHORT_MONTHS],
        "messages": {name: _forms(message) for name, message in MESSAGES.items()},
    }


def phone_words_module() -> str:
    """Return the table in the current language as a module."""
    table = json.dumps(phone_words(), ensure_ascii=False, separators=(",", ":"))
    return f"export default {table}"


def _forms(message: lazy | lazy_plural) -> str | dict[str, str]:
    """Return a message, or its plural forms by the names of Intl.PluralRules."""
    if isinstance(message, lazy):
        return str(message)
    one, other = message.of(1), message.of(2)
    return one if one == other else {"one": one, "other": other}
