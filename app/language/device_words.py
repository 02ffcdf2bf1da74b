"""Name the devices that people sign in from."""

from app.i18n import _
from app.language import words


def device_words(label: str) -> str:
    """Translate the label of a device (Safari on iPhone), which is stored in English."""
    browser, _on, system = label.partition(" on ")
    if not system:
        return words.translated(label)
    return _("{browser} on {system}", browser=words.translated(browser), system=system)
