"""A server at home with a database of its own, and the people who use it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import Engine

from app.db import make_engine, writing
from app.demo import make_demo_year
from app.models import User

ROOT = Path(__file__).parents[2]
PASSWORD = "seven quiet copper kettles"
PATIENCE_SECONDS = 60
# The header of a browser on our own pages.
OWN = {"sec-fetch-site": "same-origin"}
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; its status is 0 if none came."""

    status: int
    text: str
    seconds: float
    headers: Mapping[str, str]
    cookies: Sequence[str] = ()


class Home:
    """`python -m app serve` in a folder, on a port that stays the same."""

    started: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.url = database_url or f"sqlite:///{folder}/strand.db"
        self.port = _free_port()
        self.log = folder.parent / f"{folder.name}.log"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PORT": str(self.port),
            "STRAND_DATA_DIR": str(folder),
            **({"STRAND_DATABASE_URL": database_url} if database_url else {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def add_account(self, name: str) -> None:
        """Make an account by the command line, whose log has `today()` as well."""
        subprocess.run(
            [sys.executable, "-m", "app", "create-user", name, "--time-zone", "UTC"],
            input=f"{PASSWORD}\n",
            text=True,
            env=self.environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with self.engine() as engine, writing(engine) as session:
            user = session.exec(User.named(name)).one()
            user.began_on = min(user.began_on, today())
            session.commit()

    def add_demo_year(self, name: str) -> None:
        """Fill a new account with the demonstration's year."""
        with self.engine() as engine, writing(engine) as session:
            user = session.exec(User.named(name)).one()
            make_demo_year(session, user, datetime.now(UTC))
            session.commit()

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Open the server's database for another process."""
        engine = make_engine(self.url)
        try:
            yield engine
        finally:
            engine.dispose()

    def start(self) -> float:
        """Start the server; return how many seconds it took until it answered."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self.started.append(self.process)
        while ask(self.port, "/sign-in").status == 0:
            if self.process.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                raise RuntimeError(f"The server did not start: {self.log.read_text()[-500:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Send the server a signal, and wait until it has ended."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(PATIENCE_SECONDS)

    @classmethod
    def end_all(cls) -> None:
        """Kill what an interrupted drill has left."""
        for process in cls.started:
            process.kill()
            process.wait()

    def memory(self) -> int:
        """Return the server's resident memory, in MB."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024

    def children(self) -> list[int]:
        """The processes that the server has started, by any of its threads."""
        assert self.process is not None
        found = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += [int(each) for each in (task / "children").read_text().split()]
        return found

    def sign_in(self, name: str) -> "Person":
        """Sign a person in, with a browser of their own."""
        answer = ask(self.port, "/sign-in", {"name": name, "password": PASSWORD})
        cookies = [each.partition(";")[0] for each in answer.cookies]
        return Person(self.port, "; ".join(cookies))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    port: int
    cookie: str

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return ask(self.port, path, headers={"cookie": self.cookie})

    def post(self, path: str, fields: Fields, entry_id: str | None = None) -> Answer:
        """Send a form, or an entry of the outbox."""
        headers = {"cookie": self.cookie, **({"outbox-entry": entry_id} if entry_id else {})}
        return ask(self.port, path, fields, headers)

    def upload(
        self, path: str, view: str, picture: bytes, entry_id: str, file_name: str = "a.jpg"
    ) -> Answer:
        """Send a photo as the outbox does."""
        fields = [("view", view.encode()), ("id", entry_id.encode()), ("photo", picture)]
        body, kind = in_parts(fields, {"photo": file_name})
        headers = {"cookie": self.cookie, "outbox-entry": entry_id, "content-type": kind}
        return ask(self.port, path, body, headers)

    def begin(self, lines: Sequence[str], body: bytes = b"") -> socket.socket:
        """Begin a request, and leave the connection as it is."""
        connection = socket.create_connection(("127.0.0.1", self.port), 20)
        head = "\r\n".join([*lines, "Host: localhost", f"Cookie: {self.cookie}", "", ""])
        connection.sendall(head.encode() + body)
        return connection


def in_parts(
    fields: Iterable[tuple[str, bytes]], file_names: Fields | None = None
) -> tuple[bytes, str]:
    """A form as a body in parts, and its content type; fields with a file name are files."""
    mark = uuid4().hex
    named = {name: f'; filename="{file_name}"' for name, file_name in (file_names or {}).items()}
    head = f'--{mark}\r\ncontent-disposition: form-data; name="'
    parts = [
        f'{head}{name}"{named.get(name, "")}\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields
    ]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def ask(
    port: int, path: str, sent: Fields | bytes | None = None, headers: Fields | None = None
) -> Answer:
    """Send one request over a connection of its own; a form, or a body that is ready."""
    method = "GET" if sent is None else "POST"
    body = sent if isinstance(sent, bytes | None) else urlencode(sent).encode()
    kind = {} if sent is None else {"content-type": "application/x-www-form-urlencoded"}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    began = time.monotonic()
    with contextlib.closing(connection):
        try:
            connection.request(method, path, body, {**OWN, **kind, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            return Answer(0, str(error), time.monotonic() - began, {})
    told = {name.lower(): value for name, value in answer.getheaders()}
    cookies = answer.headers.get_all("set-cookie", [])
    return Answer(answer.status, text, time.monotonic() - began, told, cookies)


def today() -> date:
    """A day that has begun for everybody, however early it is, and is not over for long."""
    return (datetime.now(UTC) - timedelta(hours=6)).date()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
