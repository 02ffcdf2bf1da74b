"""Every sentence of a page is a message, and every message has a faithful translation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from gettext import NullTranslations
from html.parser import HTMLParser
from io import BytesIO
from string import Formatter
from types import MappingProxyType

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient
from sqlalchemy import Engine, MetaData
from sqlmodel import Session

from app import i18n
from app.models import User

LOCALES = i18n.LOCALES
# Attributes that people read or hear.
READ = {"aria-label", "title", "alt", "placeholder", "abbr", "data-label", "data-saved"}
VOID = {"input", "br", "img", "link", "meta", "hr", "use", "path", "circle", "rect", "line", "wbr"}
# Texts that no language translates: names, units, addresses, the names of files and columns.
SAME_EVERYWHERE = re.compile(
    r"""Strand|mmHg|mg/(?:spray|mL|g)|English|Deutsch|[\w-]+\.csv|doi:\S+|PMC\d+|PubMed\ \d+
    |https?://\S+|tailscale\ serve\S*.*|STRAND_\w+=?|\b(?:missed|extra|backfilled|skipped)\b
    |\b[A-Z0-9]{2,}\b""",
    re.VERBOSE,
)
WORD = re.compile(r"[^\W\d_]{3,}")
NO_PAGE = re.compile(r"\.jpg|\.zip|\.csv|^/static|^/export/|/file/")


class Marked(NullTranslations):
    """A language that puts every message in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


class Page(HTMLParser):
    """What a page says, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self._is_zone = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "select":
            self._is_zone = given.get("name") == "time_zone"
        self.texts += [value for name, value in attrs if name in READ and value]
        if tag == "a" and (address := given.get("href") or "").startswith("/"):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        is_told = not {"script", "style"} & set(self._open)
        if is_told and data.strip() and not (self._is_zone and "select" in self._open):
            # A message may hold markup: a number in bold.
            self.texts.append(data.strip())


@pytest.mark.slow
def test_every_page_of_a_year_says_nothing_but_messages(
    client: TestClient,
    session: Session,
    alices_year: User,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A code of its own: the templates of a language are kept for later tests.
    marked = replace(i18n.GERMAN, code="x-marked", messages=Marked())
    known = {**i18n.LANGUAGES, marked.code: marked}
    monkeypatch.setattr(i18n, "LANGUAGES", MappingProxyType(known))
    alices_year.preferences.language = marked.code
    session.add(alices_year)
    session.commit()
    typed = sorted(set(typed_texts(engine)), key=len, reverse=True)

    told = {
        text: address
        for address, page in pages(client)
        for text in page.texts
        if unmarked(text, typed)
    }

    assert told == {}


def pages(client: TestClient) -> Iterator[tuple[str, Page]]:
    """Every kind of page that links lead to, once."""
    waiting, kinds = ["/"], set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|\d{4}-W?\d\d(-\d\d)?|=[^&]*", "*", address)
        if kind in kinds or NO_PAGE.search(address):
            continue
        kinds.add(kind)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code < 400, address
        page = Page(answer.text)
        yield address, page
        waiting += page.links


def typed_texts(engine: Engine) -> Iterator[str]:
    """Text that a person typed: pages show it unchanged."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        for table in tables.tables.values():
            for row in connection.execute(table.select()):
                yield from (each for each in row if isinstance(each, str) and WORD.search(each))


def unmarked(text: str, typed: list[str]) -> str:
    """Letters of a text outside of messages, and of what a person typed."""
    inner = re.compile(r"⟦[^⟦⟧]*⟧")
    while inner.search(text):
        text = inner.sub(" ", text)
    # A message with markup in it reaches us in pieces; a long note is cut.
    text = re.sub(r"⟦.*|.*⟧|\S[^:]*\N{HORIZONTAL ELLIPSIS}$", " ", text, flags=re.DOTALL)
    text = text.replace("\N{NON-BREAKING HYPHEN}", "-")
    if not WORD.search(text):
        return ""
    left = (
        SAME_EVERYWHERE.sub(" ", without(typed, text)),
        without(typed, SAME_EVERYWHERE.sub(" ", text)),
    )
    return min((" ".join(WORD.findall(each)) for each in left), key=len)


def without(typed: list[str], text: str) -> str:
    for each in typed:
        text = text.replace(each, " ").replace(each[:1].upper() + each[1:], " ")
    return text


def messages() -> list[Message]:
    return [
        message
        for file in sorted(LOCALES.rglob("*.po"))
        for message in read_po(BytesIO(file.read_bytes()))
        if message.id
    ]


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_a_translation_has_the_placeholders_of_its_message() -> None:
    wrong = [
        message.id
        for message in messages()
        for one, other in zip(each_form(message.id), each_form(message.string), strict=True)
        if fields(one) != fields(other)
    ]
    assert wrong == []


def each_form(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_no_translation_writes_thousands_with_a_point_or_breaks_before_a_percent_sign() -> None:
    wrong = [
        form
        for message in messages()
        for form in each_form(message.string)
        if re.search(r"\d %|\d\.\d{3}(?!\d|\.\d)", form)
    ]
    assert wrong == []


# Terms that docs/vocabulary.md avoids, the polite form, and straight quotation marks except
# around arguments of a command.
NOT_GERMAN = re.compile(
    r"\b(?:Regime|[Ll]oggen|geloggt|versäumt|verpasst|[Ee]inloggen|[Aa]usloggen|Evidenz|Check-in"
    r"|Shedding|Normalbereich|ausstehend|Ihnen|Ihrem|Ihren|Ihres)\b"
    r"|[a-zäöü,] (?:Sie|Ihre?)\b"
    r"|(?<!--match )(?<!--as-new )\"(?=\w)"
    r"|\bz\. B\."
)


def test_german_keeps_to_its_terms_says_du_and_quotes_as_germans_do() -> None:
    wrong = [
        form
        for message in messages()
        for form in each_form(message.string)
        if NOT_GERMAN.search(form)
    ]
    assert wrong == []
