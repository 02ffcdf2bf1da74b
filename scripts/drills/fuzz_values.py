"""Values for the fields of a form: some that fit, learned from the app's own pages, and others."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from scripts.drills.home import PASSWORD, today
from scripts.drills.hostile_texts import hostile_text
from scripts.drills.routes import Asked, Schema

T = TypeVar("T")
LINK = re.compile(r'(?:href|action|formaction)="(/[^"#]*)')
FORM = re.compile(r'<form\b[^>]*action="(/[^"#]*)"[^>]*>(.*?)</form>', re.DOTALL)
FIELD = re.compile(r"<(input|button|select|option|textarea)\b([^>]*)>")
NAME = re.compile(r'\bname="([^"]*)"')
VALUE = re.compile(r'\bvalue="([^"]*)"')
# Of these, one value is sent; of a check box, its value or nothing.
ONE_OF = re.compile(r'type="(?:radio|submit)"')
MAYBE = re.compile(r'type="checkbox"')
MOST_KEPT = 400
MOST_READ = 200_000
WORDS = ("vertex", "5 mg", "Minoxidil", "08:00", "08:00, 21:00", "1", "2.5", "mg", "none", "other")


@dataclass(frozen=True, slots=True)
class Offered:
    """A value that a page offers for a field."""

    name: str
    value: str
    is_one_of: bool
    is_optional: bool


class Values:
    """The values that one person's browser knows; everything is drawn from one seed.

    `ids` are shared by all people, so that other people's ids are tried too.
    """

    def __init__(self, rng: Random, routes: Sequence[Asked], ids: list[str]) -> None:
        self.rng = rng
        self.routes = routes
        self.ids = ids
        self.known: defaultdict[str, list[str]] = defaultdict(list)
        self.forms: defaultdict[str, list[tuple[str, list[Offered]]]] = defaultdict(list)

    def forget(self) -> None:
        """Start over for another account."""
        self.known.clear()
        self.forms.clear()

    def learn(self, page: str) -> None:
        """Store the ids and words of a page's addresses and fields."""
        page = page[:MOST_READ]
        for address in {html.unescape(each) for each in LINK.findall(page)}:
            path, _mark, query = address.partition("?")
            self._keep(parse_qsl(query))
            if found := self._route_of(path, "GET"):
                matched = found.pattern.match(path)
                self._keep(matched.groupdict().items() if matched else ())
        self._keep((each.name, each.value) for each in _offered_in(page))
        for action, inside in FORM.findall(page):
            if route := self._route_of(html.unescape(action), "POST"):
                self._put(self.forms[route.name], (html.unescape(action), [*_offered_in(inside)]))

    def filled_in(self, route: Asked) -> tuple[str, list[tuple[str, str]]] | None:
        """Fill in a form that a page has shown; return its address and fields."""
        if not self.forms[route.name]:
            return None
        address, offered = self.rng.choice(self.forms[route.name])
        fields = [(each.name, each.value) for each in offered if self._is_sent(each)]
        alternatives = defaultdict(list)
        for each in offered:
            if each.is_one_of:
                alternatives[each.name].append(each.value)
        fields += [(name, self.rng.choice(values)) for name, values in alternatives.items()]
        return address, [(name, self._typed(route, name, value)) for name, value in fields]

    def _typed(self, route: Asked, name: str, value: str) -> str:
        """Return the contents of a field when it is sent: most empty ones have been filled in."""
        is_left = value or name not in route.fields or self.rng.random() < 0.3
        if is_left and "password" not in name:
            return value
        return next(iter(self.fitting(name, route.fields.get(name, {}))), "")

    def _is_sent(self, offered: Offered) -> bool:
        return not (offered.is_one_of or (offered.is_optional and self.rng.random() < 0.5))

    def _route_of(self, path: str, method: str) -> Asked | None:
        matching = (each for each in self.routes if each.pattern.match(path))
        return next((each for each in matching if each.method == method), None)

    def _password(self) -> str:
        return PASSWORD if self.rng.random() < 0.05 else "some other wrong password"

    def fitting(self, name: str, schema: Schema) -> list[str]:
        """Return what a page would send in a field; several values for a list."""
        if "$ref" in schema:
            return self.fitting(name, schema["$defs"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            defs = schema.get("$defs", {})
            return self.fitting(name, {**self.rng.choice(schema["anyOf"]), "$defs": defs})
        if schema.get("type") == "array":
            one = {**schema["items"], "$defs": schema.get("$defs", {})}
            return [
                value
                for _each in range(self.rng.randint(0, 4))
                for value in self.fitting(name, one)
            ]
        if "password" in name:
            return [self._password()]
        if self.known[name] and self.rng.random() < (0.9 if name.endswith("_id") else 0.5):
            return [self.rng.choice(self.known[name])]
        return [self._made(schema)]

    def hostile(self) -> str:
        """Return a value that no page would send."""
        if self.ids and self.rng.random() < 0.1:
            return self.rng.choice(self.ids)
        return hostile_text(self.rng)

    def new_id(self) -> str:
        """An id that nobody has."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def _made(self, schema: Schema) -> str:
        if choices := schema.get("enum"):
            return str(self.rng.choice(choices))
        kind = schema.get("format", schema.get("type"))
        if kind == "date":
            return str(today() - timedelta(days=self.rng.choice((0, 0, 0, 1, 7, 40, 300, -1, -30))))
        if kind == "time":
            return str(time(self.rng.randrange(24), self.rng.choice((0, 30, 59))))[:5]
        if kind == "date-time":
            ago = timedelta(minutes=self.rng.choice((0, 1, 50, 2_000, 600_000, -5)))
            return (datetime.now(UTC) - ago).isoformat()
        if kind == "uuid":
            is_known = self.ids and self.rng.random() < 0.7
            return self.rng.choice(self.ids) if is_known else self.new_id()
        if kind in {"number", "integer"}:
            return str(self._number(schema))
        if kind == "boolean":
            return self.rng.choice(("true", "on", "1", "false"))
        return "" if kind == "null" else self.rng.choice(WORDS)

    def _number(self, schema: Schema) -> Any:
        edges = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "ge", "le", "gt")
        limits = [schema[each] for each in edges if each in schema]
        return self.rng.choice([*limits, 0, 1, 2, 3, 5, 1 if "integer" in schema else 0.25])

    def _keep(self, pairs: Iterable[tuple[str, str]]) -> None:
        for name, value in pairs:
            if value and value not in self.known[name]:
                self._put(self.known[name], value)
                if _is_id(value):
                    self.ids.append(value)

    def _put(self, kept: list[T], new: T) -> None:
        """Add a known value; replace another one if there are many."""
        if len(kept) < MOST_KEPT:
            kept.append(new)
        else:
            kept[self.rng.randrange(MOST_KEPT)] = new


def _offered_in(page: str) -> Iterator[Offered]:
    """Return the values that a page offers; an option has the name of its list."""
    list_name = ""
    for kind, words in FIELD.findall(page):
        name, value = NAME.search(words), VALUE.search(words)
        if kind == "select" and name:
            list_name = name[1]
        elif name or (kind == "option" and value):
            yield Offered(
                name[1] if name else list_name,
                html.unescape(value[1]) if value else "",
                is_one_of=kind in {"option", "button"} or bool(ONE_OF.search(words)),
                is_optional=bool(MAYBE.search(words)),
            )


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False
