"""Send thousands of requests that no page would send: none may break the server or enter a page.

The routes and their forms are read from the app, so new ones are included. All values are drawn
from `SEED`; only ids and times differ between runs.
"""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode

from scripts.drills.figures import Figure, within, zeros
from scripts.drills.fuzz_values import Values
from scripts.drills.home import Answer, Home, Person, ask, in_parts
from scripts.drills.hostile_texts import is_let_in
from scripts.drills.postgres_server import on_each_database
from scripts.drills.routes import Asked, all_asked
from tests.support.pictures import jpeg

SEED = "Strand"
REQUESTS = 20_000
# Each has a year in their log.
PEOPLE = ("Alice", "Bob", "Carol")
MOST_SECONDS = 10
MOST_SHOWN = 3
MOST_ACCOUNTS = 3
TYPED_COOKIE = "sid-typed"
Field = tuple[str, str]
PART = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(slots=True)
class Seen:
    """The results of the requests."""

    classes: Counter[str] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, what: str, route: Asked, answer: Answer) -> None:
        """Count one answer; `what` is the request."""
        self.classes[f"{answer.status // 100}xx"] += 1
        self.routes.add(route.name)
        if 200 <= answer.status < 400:
            self.taken.add(route.name)
        self.slowest = max(self.slowest, (answer.seconds, route.name))
        if answer.status >= 500 or answer.status == 0:
            self.broken.append(f"{answer.status} {route.name}: {what}")
        if "html" in answer.headers.get("content-type", "") and is_let_in(answer.text):
            self.let_in.append(f"{route.name}: {what}")


def fuzz(folder: Path) -> list[Figure]:
    """Send every kind of request, on each kind of database."""
    return on_each_database(folder, _fuzz)


def _fuzz(kind: str, home: Home) -> list[Figure]:
    home.environment["STRAND_SIGN_UP"] = "open"
    routes, seen, ids = all_asked(home.folder), Seen(), list[str]()
    browsers = [Browser(home, name, routes, ids, seen) for name in PEOPLE]
    home.start()
    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        list(pool.map(lambda browser: browser.ask_for_all(REQUESTS // len(PEOPLE)), browsers))
    home.end()
    count = sum(seen.classes.values())
    shown = ", ".join(f"{number:,} x {each}" for each, number in sorted(seen.classes.items()))
    not_asked = {route.name for route in routes} - seen.routes
    seconds, slowest = seen.slowest
    return [
        Figure(
            f"{kind}, {count:,} requests to {len(seen.routes)} routes, "
            f"{len(seen.taken)} of which took something",
            shown,
            not not_asked,
        ),
        _none(f"{kind}, answers of 5xx, or none", seen.broken),
        _none(f"{kind}, pages that something got into", seen.let_in),
        zeros(f"{kind}, log", {"tracebacks": home.log.read_text().count("Traceback")}),
        within(f"{kind}, the slowest ({slowest})", seconds, MOST_SECONDS),
    ]


def _none(what: str, found: list[str]) -> Figure:
    examples = "".join(f"\n    {each[:600]}" for each in found[:MOST_SHOWN])
    return Figure(what, f"{len(found)}{examples}", not found)


class Browser:
    """One person's browser, out of control."""

    def __init__(
        self, home: Home, name: str, routes: list[Asked], ids: list[str], seen: Seen
    ) -> None:
        self.home = home
        self.first_name = self.name = name
        self.rng = Random(f"{SEED} {name}")
        self.values = Values(self.rng, routes, ids)
        self.routes = routes
        self.seen = seen
        self.typed = ""
        self.accounts = 0
        self._make_account()
        self.person: Person | None = None

    def ask_for_all(self, requests: int) -> None:
        """Send so many requests; every route in turn, in a new order each round."""
        for route in self._endlessly():
            if requests <= 0:
                return
            requests -= 1
            self._ask(route)

    def _endlessly(self) -> Iterator[Asked]:
        while True:
            yield from self.rng.sample(self.routes, len(self.routes))

    def _ask(self, route: Asked) -> None:
        person = self._signed_in()
        spoilt = self.rng.choice((0, 0, 0, 1, 1, 1, 2, 3, 100))
        headers = {"cookie": self._cookie(person), **self._headers()}
        body = None
        if route.method == "GET":
            address = self._address(route, self.rng.choice((0, spoilt)))
        else:
            shown = self.values.filled_in(route) if self.rng.random() < 0.6 else None
            address, fields = shown or (self._address(route, spoilt // 3), self._fields(route))
            body, headers["content-type"] = self._body(route, self._spoil(route, fields, spoilt))
        answer = ask(self.home.port, address, body, headers)
        self.seen.add(f"{address} {headers} {body!r}", route, answer)
        self._remember(answer)

    def _signed_in(self) -> Person:
        """The person, who is signed in again, or has a new account, where that has ended."""
        if self.person is not None:
            return self.person
        for _again in range(MOST_ACCOUNTS):
            self.person = self.home.sign_in(self.name)
            if self.person.get("/settings").status == 200:
                return self.person
            self._make_account()
        raise RuntimeError(f"Nobody can sign in: {self.home.log.read_text()[-2_000:]}")

    def _make_account(self) -> None:
        self.accounts += 1
        self.name = f"{self.first_name} {self.accounts}"
        self.home.add_account(self.name)
        self.home.add_demo_year(self.name)
        self.values.forget()

    def _remember(self, answer: Answer) -> None:
        """Learn the values that the page offers; sign in again if the sign-in is over."""
        for each in answer.cookies:
            if found := SimpleCookie(each).get(TYPED_COOKIE):
                self.typed = found.value
        if "html" in answer.headers.get("content-type", ""):
            self.values.learn(answer.text)
        location = answer.headers.get("location", "")
        self.values.learn(f'href="{location}"')
        is_sent_away = location.startswith("/sign-in")
        if answer.status == 401 or is_sent_away:
            self.person = None

    def _address(self, route: Asked, spoilt: int) -> str:
        """Make the address, with parts and parameters that fit, or do not."""
        hostile = self._chosen([*route.parts, *route.query], spoilt)
        parts = {
            name: self.values.hostile()[:4_000]
            if name in hostile
            else self.values.fitting(name, schema)[0]
            for name, schema in route.parts.items()
        }
        path = PART.sub(lambda found: _quoted(parts[found[1]]), route.path)
        fitting = [
            (name, value)
            for name, schema in route.query.items()
            if self.rng.random() < 0.7
            for value in self.values.fitting(name, schema)
        ]
        query = [
            (name, self.values.hostile() if name in hostile else value) for name, value in fitting
        ]
        if self.rng.random() < 0.05:
            name = self.rng.choice(("ahead", "deleted", "typed", "next"))
            query.append((name, self.rng.choice(self.values.known[name] or ["1"])))
        return f"{path}?{_encoded(query)}" if query else path

    def _fields(self, route: Asked) -> list[Field]:
        """Make the fields of a form with values that fit; leave out some."""
        leaves_out = self.rng.choice((0.0, 0.1, 0.5, 0.8))
        return [
            (name, value)
            for name, schema in route.fields.items()
            if self.rng.random() >= leaves_out
            for value in self.values.fitting(name, schema)
        ]

    def _spoil(self, route: Asked, fields: list[Field], count: int) -> list[Field]:
        """Replace, double or drop some of the fields."""
        names = {*route.fields, *(name for name, _value in fields)}
        hostile = self._chosen(sorted(names), count)
        kept = [(name, value) for name, value in fields if name not in hostile]
        doubled = [(name, value) for name, value in fields if name in hostile]
        for name in sorted(hostile):
            value = (name, self.values.hostile())
            kept += self.rng.choice(([value], [value], [value] * 3, [*doubled, value], []))
        return kept

    def _body(self, route: Asked, fields: list[Field]) -> tuple[bytes, str]:
        """Encode a form, plain or in parts; now and then send something else."""
        kind = self.rng.random()
        if kind < 0.02:
            return self.values.hostile().encode("utf-8", "replace"), "application/json"
        if kind < 0.9 and not route.files:
            return _encoded(fields).encode(), "application/x-www-form-urlencoded"
        named = {name for name in route.files if self.rng.random() < 0.3}
        if not route.files and fields:
            named = {self.rng.choice(fields)[0]}
        sent = [(name, value.encode("utf-8", "surrogatepass")) for name, value in fields]
        sent += [(name, self._file()) for name in route.files if name in named]
        return in_parts(sent, dict.fromkeys(named, "a.jpg"))

    def _file(self) -> bytes:
        is_photo = self.rng.random() < 0.6
        return jpeg(60, 80) if is_photo else self.values.hostile().encode("utf-8", "replace")

    def _headers(self) -> dict[str, str]:
        """Make the outbox's headers, and an address, so that each network has its own tries."""
        headers = {"x-forwarded-for": ".".join(str(self.rng.randrange(1, 255)) for _ in range(4))}
        if self.rng.random() < 0.5:
            headers["outbox-entry"] = self.values.new_id()
        for name in ("outbox-entry", "outbox-account", "outbox-clock", "if-none-match", "range"):
            if self.rng.random() < 0.02:
                headers[name] = _as_header(self.values.hostile())
        return headers

    def _cookie(self, person: Person) -> str:
        is_hostile = self.rng.random() < 0.03
        typed = _as_header(self.values.hostile()).replace(";", "") if is_hostile else self.typed
        return f"{person.cookie}; {TYPED_COOKIE}={typed}"

    def _chosen(self, names: list[str], count: int) -> set[str]:
        return {*self.rng.sample(names, min(count, len(names)))}


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _encoded(pairs: list[Field]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def _as_header(text: str) -> str:
    """Drop what no header can contain."""
    return "".join(letter for letter in text if " " <= letter <= "~" or "\xa0" <= letter <= "\xff")[
        :4_000
    ]
