"""Read a time of day as people type it."""

import re
import unicodedata
from datetime import time

from app.domain.text import in_ascii_digits

_TYPED = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?\s?m\.?)?",
    re.IGNORECASE | re.ASCII,
)


def parse_clock(text: str) -> time:
    """Read "08:00", "8:30", "8.30", "8h30" or "8:30 pm", to the minute.

    A bare hour needs its half of the day ("8 pm"). Raises `ValueError`.
    """
    typed = in_ascii_digits(unicodedata.normalize("NFKC", text)).strip()
    found = _TYPED.fullmatch(typed)
    if found is None or not (found["minute"] or found["half"]):
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, int(found["minute"] or 0))
