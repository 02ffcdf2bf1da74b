"""Messages in the language of the reader.

A message is written in English in the code and is its own key: `_("Save")`. It is translated at
once, into the language that `speaking` has set for the current request, command or job. Constants
exist before a reader is known: `lazy("Save")` is translated each time it is shown. Placeholders
have names, because other languages order them differently: `_("{taken} of {due}", taken=3, due=4)`.

Translations are read from `app/locales/CODE/LC_MESSAGES/strand.mo`, made by `make messages`.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from gettext import NullTranslations, translation
from pathlib import Path
from types import MappingProxyType
from typing import ParamSpec, TypeVar, cast

LOCALES = Path(__file__).with_name("locales")
DOMAIN = "strand"
Given = ParamSpec("Given")
Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Language:
    """A language: its code, its own name, how it writes numbers, and its messages.

    There is one instance of each. Caches look up by it thousands of times a page, so it is compared
    by identity.
    """

    code: str
    name: str
    decimal: str
    thousands: str
    # Whether nouns keep their capital within a sentence.
    has_capital_nouns: bool
    messages: NullTranslations = field(repr=False)

    def number(self, text: str) -> str:
        """Rewrite a number from English notation ("1,333.5") to that of the language."""
        marks = {ord(","): self.thousands, ord("."): self.decimal}
        return text.translate(marks)


def _read(code: str) -> NullTranslations:
    return translation(DOMAIN, LOCALES, [code])


ENGLISH = Language(
    "en",
    "English",
    decimal=".",
    thousands=",",
    has_capital_nouns=False,
    messages=NullTranslations(),
)
# A narrow space between thousands: a German point would be read as a decimal point elsewhere.
GERMAN = Language(
    "de",
    "Deutsch",
    decimal=",",
    thousands="\N{NARROW NO-BREAK SPACE}",
    has_capital_nouns=True,
    messages=_read("de"),
)
LANGUAGES = MappingProxyType({each.code: each for each in (ENGLISH, GERMAN)})

_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current() -> Language:
    """Return the current language."""
    return _current.get()


@contextmanager
def speaking(code: str | None) -> Iterator[Language]:
    """Translate into this language within the block. Unknown codes and None mean English."""
    language = LANGUAGES.get(code or "", ENGLISH)
    token = _current.set(language)
    try:
        yield language
    finally:
        _current.reset(token)


def _(message: str, /, **given: object) -> str:
    """Translate a message, and fill its placeholders."""
    text = _current.get().messages.gettext(message)
    return text.format(**given) if given else text


def pgettext(context: str, message: str, /, **given: object) -> str:
    """Translate a message whose meaning depends on `context`."""
    text = _current.get().messages.pgettext(context, message)
    return text.format(**given) if given else text


def ngettext(one: str, many: str, number: float, /, **given: object) -> str:
    """Translate a message that depends on a number, and fill its placeholders.

    Fractions take the plural, as in "1.5 hours".
    """
    whole = int(number) if number == int(number) else 2
    text = _current.get().messages.ngettext(one, many, whole)
    return text.format(**given) if given else text


@dataclass(frozen=True, slots=True)
class lazy:
    """A constant message, translated each time it is shown."""

    message: str
    context: str = ""

    def __str__(self) -> str:
        messages = _current.get().messages
        if self.context:
            return messages.pgettext(self.context, self.message)
        return messages.gettext(self.message)

    def of(self, **given: object) -> str:
        """Translate the message, and fill its placeholders."""
        return str(self).format(**given)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def marked(message: str) -> str:
    """Mark a message in English data (a name in the domain) for translation where it is shown."""
    return message


def lazy_in(context: str, message: str) -> lazy:
    """Make a lazy message whose meaning depends on `context`."""
    return lazy(message, context)


@dataclass(frozen=True, slots=True)
class lazy_plural:
    """A constant message that depends on a number: "{n} wash", "{n} washes"."""

    one: str
    many: str

    def of(self, number: float, /, **given: object) -> str:
        """Translate the form for `number`, and fill its placeholders."""
        return ngettext(self.one, self.many, number, **given)


# A sentence to show: translated already, or translated when it is shown.
Text = str | lazy


def in_every_language(text: Text) -> list[str]:
    """Return a name in every language, English first: a person may type any of them."""
    if isinstance(text, str):
        return [text]
    return [text.message, *(each.messages.gettext(text.message) for each in LANGUAGES.values())]


def cached_per_language(maxsize: int) -> Callable[[Callable[Given, Value]], Callable[Given, Value]]:
    """Cache the results of a function, separately for each language."""

    def decorate(write: Callable[Given, Value]) -> Callable[Given, Value]:
        written: dict[Language, Callable[..., Value]] = {}

        @wraps(write)
        def look_up(*given: Hashable) -> Value:
            language = current()
            if language not in written:
                written.setdefault(language, lru_cache(maxsize)(write))
            return written[language](*given)

        return cast(Callable[Given, Value], look_up)

    return decorate


def preferred(accept_language: str) -> str:
    """Return the code of the supported language that a browser prefers.

    `accept_language` is the header: "de-DE,de;q=0.9,en;q=0.8".
    """
    wished = []
    for place, part in enumerate(accept_language.split(",")):
        tag, _semicolon, quality = part.partition(";")
        code = tag.strip().partition("-")[0].lower()
        if code in LANGUAGES:
            wished.append((-_quality(quality), place, code))
    return min(wished)[2] if wished else ENGLISH.code


def _quality(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q="))
    except ValueError:
        return 1.0
