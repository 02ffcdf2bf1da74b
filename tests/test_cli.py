import io
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from starlette.types import ASGIApp

from app.cli import demo, installation, main, server
from app.cli.installation import open_installation
from app.cli.terminal import VARIABLES, language_of
from app.domain.names import name_key
from app.errors import CommandError
from app.main import behind_proxies
from app.models import DoseEvent, SetUpLink, SignIn, User
from app.services.passwords import check_password_is_strong, password_matches
from app.settings import Settings
from tests.support.databases import Rows, both_databases, on_postgresql
from tests.support.people import PASSWORD, save
from tests.support.pictures import add_photo
from tests.support.ports import free_port
from tests.support.turns import nothing_slow_in_a_turn

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
HISTORY = ROOT / "tests/data/dose-history.csv"
NEW_PASSWORD = "nine slow amber lanterns"
GERMAN = {"LANG": "de_DE.UTF-8"}
STARTS_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Strand:
    """The command line of an installation of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.settings = {
            "STRAND_DATA_DIR": str(folder / "data"),
            "STRAND_DATABASE_URL": database_url,
            # The terminal that runs the tests may have any language.
            **dict.fromkeys(VARIABLES, ""),
        }

    def __call__(self, *arguments: str, typed: str = "", **settings: str) -> Result:
        said, complained = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
            patch.chdir(self.folder)
            patch.setattr(sys, "stdin", io.StringIO(typed))
            for name, value in {**self.settings, **settings}.items():
                patch.setenv(name, value)
            with redirect_stderr(complained):
                # `serve` lets SIGTERM end a command; the test run ends as usual.
                as_ever = signal.getsignal(signal.SIGTERM)
                try:
                    status = main(arguments)
                except SystemExit as exit_of_parser:
                    status = int(exit_of_parser.code or 0)
                finally:
                    signal.signal(signal.SIGTERM, as_ever)
        return Result(status, said.getvalue(), complained.getvalue())

    def start(
        self,
        command: str,
        look: Callable[[ASGIApp], object] = lambda _app: None,
        **settings: str,
    ) -> Result:
        """Start up to where requests would be served, and look at the app in their place."""

        def run(settings: Settings, app: ASGIApp, _listener: socket.socket) -> None:
            look(behind_proxies(app, settings))

        with pytest.MonkeyPatch.context() as patch:
            for module in (server, demo):
                patch.setattr(module, "run", run)
            return self(command, PORT=str(free_port()), **settings)

    @contextmanager
    def running(self, command: str, **settings: str) -> Iterator["Server"]:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "app", command],
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={
                **os.environ,
                **self.settings,
                "PYTHONPATH": str(ROOT),
                "PORT": str(port),
                **settings,
            },
        )
        try:
            with process:
                yield Server(process, port)
                process.send_signal(signal.SIGTERM)
        finally:
            process.kill()


class Server:
    """A server that was started by a command."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.address = f"http://localhost:{port}"

    def said(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def get(self, path: str, language: str = "", **headers: str) -> tuple[int, str, Message]:
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        wished = {"Accept-Language": language} if language else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, headers={**wished, **headers})
        while True:
            try:
                with urllib.request.urlopen(request) as response:
                    return response.status, response.read().decode(), response.headers
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read().decode(), error.headers
            except OSError:
                assert self.process.poll() is None, "the server has ended"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@pytest.fixture
def strand(tmp_path: Path, database_url: str) -> Strand:
    """An installation on each kind of database."""
    return Strand(tmp_path, database_url)


@pytest.fixture
def small_strand(tmp_path: Path) -> Strand:
    """An installation on SQLite, with nothing there yet."""
    return Strand(tmp_path, f"sqlite:///{tmp_path}/kept.db")


def one_sentence(result: Result) -> str:
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@both_databases
def test_create_user_makes_an_account(strand: Strand, rows: Rows) -> None:
    result = strand("create-user", "Carol", "--time-zone", "Asia/Tokyo", typed=PASSWORD + "\n")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Created the account Carol, in the time zone Asia/Tokyo.\n"
    (carol,) = rows(User.named("carol"))
    assert carol.time_zone == "Asia/Tokyo"
    assert password_matches(carol, PASSWORD)


def test_create_user_says_what_is_wrong(strand: Strand, alice: User) -> None:
    taken = strand("create-user", "alice", typed=PASSWORD)
    short = strand("create-user", "Carol", typed="short\n")
    nowhere = strand("create-user", "Carol", "--time-zone", "Mars/North", typed=PASSWORD)

    assert one_sentence(taken) == "This name, or one that looks like it, is taken."
    assert one_sentence(short) == "Use 12 characters or more."
    assert one_sentence(nowhere).startswith("Mars/North is not a time zone")


def test_reset_password_changes_it_and_signs_out(strand: Strand, alice: User, rows: Rows) -> None:
    result = strand("reset-password", "ALICE", typed=NEW_PASSWORD)

    assert result.stdout == "Changed the password of Alice, and signed out every browser.\n"
    (user,) = rows(User)
    assert password_matches(user, NEW_PASSWORD)
    assert rows(SignIn) == []


def test_reset_password_needs_an_account(strand: Strand) -> None:
    result = strand("reset-password", "Nobody", typed=NEW_PASSWORD)

    assert one_sentence(result) == "There is no account named Nobody."


def test_commands_hash_a_password_before_they_write(strand: Strand, alice: User) -> None:
    with nothing_slow_in_a_turn():
        assert strand("create-user", "Carol", typed=NEW_PASSWORD).returncode == 0
        assert strand("reset-password", "Alice", typed=NEW_PASSWORD).returncode == 0


def test_import_says_what_it_did_and_doing_it_again_changes_nothing(
    strand: Strand, alice: User, rows: Rows
) -> None:
    first = strand("import", "health-auto-export", str(HISTORY), "--user", "alice")
    again = strand("import", "health-auto-export", str(HISTORY), "--user", "alice")

    assert (first.returncode, again.returncode, again.stderr) == (0, 0, "")
    assert first.stdout.splitlines()[0] == (
        "Read 172 rows: 172 new (170 taken, 1 skipped, 0 missed, 1 extra), 0 changed, "
        "0 unchanged, 0 kept because you changed them by hand, 0 not readable."
    )
    assert "Med_13 seems to repeat: every day at 08:30" in first.stdout
    assert "0 new (" in again.stdout
    assert "172 unchanged" in again.stdout
    assert len(rows(select(DoseEvent))) == 172


def test_import_lists_what_it_refused(strand: Strand, alice: User, tmp_path: Path) -> None:
    head, row = HISTORY.read_text().splitlines()[:2]
    file = tmp_path / "two.csv"
    file.write_text("\n".join([head, row, row.replace(" +1030,2023", ",2023")]))

    some = strand("import", "health-auto-export", str(file), "--user", "alice")
    file.write_text("\n".join([head, row.replace("Taken", "Eaten")]))
    none = strand("import", "health-auto-export", str(file), "--user", "alice")

    assert some.returncode == 0
    assert some.stderr == (
        'Line 3 was not read: "2023-02-16 08:38:00" has no offset such as +0100.\n'
    )
    assert none.returncode == 1


def test_a_dry_run_counts_and_shows_rows_that_cannot_be_read(
    strand: Strand, alice: User, tmp_path: Path, rows: Rows
) -> None:
    head, row = HISTORY.read_text().splitlines()[:2]
    file = tmp_path / "two.csv"
    file.write_text("\n".join([head, row, row.replace(" +1030,2023", ",2023")]))

    result = strand("import", "health-auto-export", str(file), "--user", "alice", "--dry-run")

    first, *where = result.stdout.splitlines()
    assert first.startswith("Read 2 rows: 1 new (1 taken, 0 skipped, 0 missed, 0 extra)")
    assert first.endswith("1 not readable. Nothing was imported.")
    assert where == ["Med_13 (1 dose): a new item."]
    assert result.stderr.splitlines() == [
        'Line 3 was not read: "2023-02-16 08:38:00" has no offset such as +0100.',
        "  " + row.replace(" +1030,2023", ",2023"),
    ]
    assert rows(DoseEvent) == []


def test_an_import_names_the_command_that_undoes_it(
    strand: Strand, alice: User, rows: Rows
) -> None:
    imported = strand("import", "health-auto-export", str(HISTORY), "--user", "alice")
    advice = imported.stdout.splitlines()[-1]
    before, _sign, command = advice.partition(": python -m app ")
    assert before == "To undo this import, within 90 days"

    undone = strand(*command.split())

    assert (undone.returncode, undone.stderr) == (0, "")
    assert undone.stdout.splitlines() == [
        "Reverted 172 doses and other entries, and deleted 171 scheduled times.",
        "Removed items: Med_13, Med_15, Med_4, Med_9.",
    ]
    assert rows(DoseEvent) == []


def test_an_import_that_is_not_there_is_one_sentence(strand: Strand, alice: User) -> None:
    none = one_sentence(strand("undo-import", "x", "--user", "alice"))
    strand("import", "health-auto-export", str(HISTORY), "--user", "alice")
    one = one_sentence(strand("undo-import", "x", "--user", "alice"))

    assert none == ("There is no import x that can be undone. Those of the last 90 days: none.")
    assert re.search(r"90 days: [0-9a-f-]{36} \(health-auto-export, [\d :-]+ UTC\)$", one)


def test_import_says_what_is_wrong(strand: Strand, alice: User, tmp_path: Path) -> None:
    binary = tmp_path / "photo.csv"
    binary.write_bytes(b"\xff\xd8\xff")

    def bring_in(file: Path, name: str = "alice") -> str:
        return one_sentence(strand("import", "health-auto-export", str(file), "--user", name))

    assert bring_in(tmp_path / "nowhere.csv").startswith("No such file")
    assert bring_in(tmp_path).startswith("Is a directory")
    assert bring_in(binary).startswith("This file is not text in UTF-8.")
    assert bring_in(HISTORY, "nobody") == "There is no account named nobody."


@dataclass(frozen=True)
class Served:
    """What a server answered that was started in a German terminal behind a trusted proxy."""

    server: Server
    lines: list[str]
    pages: dict[str, tuple[int, str, Message]]
    status: int
    data: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A server in a process of its own, asked everything that needs one, and stopped."""
    folder = tmp_path_factory.mktemp("served")
    strand = Strand(folder, f"sqlite:///{folder}/kept.db")
    with strand.running("serve", STRAND_TRUSTED_PROXIES="127.0.0.1", **GERMAN) as server:
        lines = [server.said(), server.said()]
        pages = {
            **{wish: server.get("/set-up", wish) for wish in ("en-GB", "", "de-AT", "en")},
            "missing": server.get("/nowhere", "en"),
            "health": server.get("/healthz"),
            "secure": server.get("/sign-in", **{"X-Forwarded-Proto": "https"}),
        }
        return Served(server, lines, pages, server.stop(), folder / "data")


def test_serve_prints_where_it_is_and_the_set_up_link(served: Served) -> None:
    assert served.lines[0] == served.server.address
    link = rf"Lege das erste Konto an: {served.server.address}/set-up#[\w-]{{24}}"
    assert re.fullmatch(link, served.lines[1])
    assert served.pages["health"][:2] == (200, '{"status":"ok","version":"0.1.0"}')
    assert served.pages["en"][0] == 200
    assert served.status == 0


def test_serve_makes_the_data_folder_with_a_secret_of_its_owner(served: Served) -> None:
    assert stat.S_IMODE((served.data / "secret").stat().st_mode) == 0o600
    assert (served.data / ".strand").is_file()


def test_serve_believes_a_trusted_proxy_about_https(served: Served) -> None:
    assert "strict-transport-security" in served.pages["secure"][2]
    assert "strict-transport-security" not in served.pages["en"][2]


def test_a_server_started_in_a_german_terminal_answers_each_browser_in_its_language(
    served: Served,
) -> None:
    pages = [served.pages[wish][1] for wish in ("en-GB", "", "de-AT", "en", "missing")]

    languages = [re.findall(r'<html lang="(\w+)"', page) for page in pages]
    assert languages == [["en"], ["en"], ["de"], ["en"], ["en"]]
    assert pages[0] == pages[1] == pages[3]
    assert "This page does not exist." in pages[4]


def test_a_start_brings_the_keys_of_names_up_to_date(
    strand: Strand, session: Session, rows: Rows, alice: User
) -> None:
    alice.name_key = "of an older version"
    save(session, alice)
    assert strand("migrate").returncode == 0

    assert rows(User)[0].name_key == name_key("Alice")


@on_postgresql
def test_serve_offers_no_set_up_once_there_is_an_account(strand: Strand, alice: User) -> None:
    with strand.running("serve") as server:
        assert server.said() == server.address
        assert server.get("/healthz")[0] == 200
        assert server.stop() == 0
        assert server.said() == ""


def test_the_regular_work_can_be_done_by_a_command_of_its_own(
    strand: Strand, session: Session, rows: Rows, alice: User
) -> None:
    save(session, SetUpLink(code_hash="", expires_at=datetime.now(UTC) - timedelta(days=1)))

    assert strand.start("serve", STRAND_WORKER="0").returncode == 0
    assert len(rows(SetUpLink)) == 1

    with strand.running("work") as worker:
        assert worker.said() == "Strand does the regular work until you stop this command."
        until = time.monotonic() + 20
        while rows(SetUpLink) and time.monotonic() < until:
            time.sleep(0.05)
        assert worker.stop() == 0
    assert rows(SetUpLink) == []


def test_serve_names_its_own_address_first_in_the_link(small_strand: Strand) -> None:
    result = small_strand.start("serve", STRAND_BASE_URL="https://strand.example.org/hair/")

    here, there, link = result.stdout.splitlines()
    assert here.startswith("http://localhost:")
    assert there == "https://strand.example.org/hair"
    assert "https://strand.example.org/hair/set-up#" in link


def test_below_a_path_every_link_has_the_path(small_strand: Strand) -> None:
    small_strand("create-user", "Carol", typed=PASSWORD)
    pages: list[str] = []

    def look(app: ASGIApp) -> None:
        pages.append(TestClient(app).get("/sign-in").text)

    small_strand.start("serve", look, STRAND_BASE_URL="https://s.example.org/hair")

    assert 'action="/hair/sign-in"' in pages[0]


def test_serve_says_that_its_port_is_taken(small_strand: Strand) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = one_sentence(small_strand("serve", PORT=str(port)))

    assert sentence.startswith(f"Port {port} is taken.")


def test_serve_cannot_use_a_port_that_is_not_a_number(small_strand: Strand) -> None:
    assert "port eighty" in one_sentence(small_strand("serve", PORT="eighty"))


def test_a_database_that_vanished_is_not_replaced_by_an_empty_one(
    small_strand: Strand, tmp_path: Path
) -> None:
    assert small_strand("migrate").stdout == "The database has the newest schema.\n"
    for file in tmp_path.glob("kept.db*"):
        file.unlink()

    sentence = one_sentence(small_strand("serve"))

    assert "There was a database here before" in sentence
    assert sentence.endswith(f"rm {tmp_path}/data/.strand")
    assert not (tmp_path / "kept.db").exists()


def test_a_start_does_not_write_its_marker_again_so_it_needs_no_room_on_a_full_disk(
    small_strand: Strand, tmp_path: Path
) -> None:
    small_strand("migrate")
    marker = tmp_path / "data/.strand"
    os.utime(marker, (0, 0))

    assert small_strand("migrate").returncode == 0

    assert marker.stat().st_mtime == 0


def test_a_folder_that_may_not_be_written_prints_the_line_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    with (
        pytest.raises(CommandError, match=rf"sudo chown -R \d+:\d+ {tmp_path}/data"),
        open_installation(Settings(data_dir=tmp_path / "data")),
    ):
        pass


IN_A_CONTAINER = (
    "96 76 254:0 /var/lib/docker/containers/74b16295e387" + 52 * "0" + "/hostname /etc/hostname rw"
)


def test_in_a_container_the_line_that_helps_is_one_for_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text(IN_A_CONTAINER)
    monkeypatch.setattr(installation, "MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(os, "access", lambda *_: False)
    me = f"{os.getuid()}:{os.getgid()}"

    with (
        pytest.raises(CommandError) as raised,
        open_installation(Settings(data_dir=tmp_path / "data")),
    ):
        pass

    assert str(raised.value).endswith(
        "Allow it with: docker run --rm --user 0 --volumes-from 74b16295e387 --entrypoint chown "
        "$(docker inspect --format '{{.Image}}' 74b16295e387) "
        f"-R {me} {tmp_path}/data"
    )


def test_photos_whose_folder_vanished_are_not_passed_over(
    strand: Strand, client: TestClient, settings: Settings
) -> None:
    add_photo(client)
    assert settings.photo_dir == strand.folder / "data/photos"
    assert strand("migrate").returncode == 0
    settings.photo_dir.rename(strand.folder / "elsewhere")

    sentence = one_sentence(strand("serve"))
    (strand.folder / "data/photos").mkdir()

    assert "photos is not there." in sentence
    assert sentence.endswith(f"mkdir {strand.folder}/data/photos")
    assert strand("migrate").returncode == 0
    assert (strand.folder / "elsewhere").is_dir()


def test_serve_prints_every_address_and_the_link_at_the_first(small_strand: Strand) -> None:
    addresses = "https://strand.example.org, http://192.168.1.20:8000/"
    result = small_strand.start("serve", STRAND_BASE_URL=addresses)

    _here, *others, link = result.stdout.splitlines()
    assert others == ["https://strand.example.org", "http://192.168.1.20:8000"]
    assert "https://strand.example.org/set-up#" in link


@pytest.mark.parametrize(
    ("trusted", "is_believed"),
    [("127.0.0.1", True), ("127.0.0.0/8", True), ("192.0.2.1", False), ("", False)],
)
def test_only_a_trusted_proxy_is_believed_about_https(
    small_strand: Strand, trusted: str, *, is_believed: bool
) -> None:
    found: list[bool] = []

    def look(app: ASGIApp) -> None:
        proxy = TestClient(app, client=("127.0.0.1", 50_000))
        answer = proxy.get("/sign-in", headers={"x-forwarded-proto": "https"})
        found.append("strict-transport-security" in answer.headers)

    small_strand.start("serve", look, STRAND_TRUSTED_PROXIES=trusted)

    assert found == [is_believed]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"STRAND_BASE_URL": "strand.example.org"}, "strand.example.org is not an address such as"),
        (
            {"STRAND_BASE_URL": "https://a@b.example"},
            "https://a@b.example is not an address such as",
        ),
        ({"STRAND_BASE_URL": "https://[::1"}, "https://[::1 is not an address such as"),
        ({"STRAND_BASE_URL": "https://a.example:99999"}, "is not an address such as"),
        ({"STRAND_BASE_URL": "https://a.example?b"}, "is not an address such as"),
        (
            {"STRAND_BASE_URL": "https://a.example/x, https://b.example/y"},
            "all its addresses must have the same path",
        ),
        ({"STRAND_TRUSTED_PROXIES": "*"}, "* is neither an address such as"),
        (
            {"STRAND_TRUSTED_PROXIES": "172.18.0.1/16"},
            "172.18.0.1/16 is neither an address such as",
        ),
        ({"STRAND_SIGN_UP": "perhaps"}, "The setting STRAND_SIGN_UP cannot be used"),
        ({"STRAND_SECRET_FILE": "/nowhere"}, "No such file or directory: /nowhere."),
        ({"STRAND_DATABASE_URL": "nonsense"}, "The database cannot be used"),
        (
            {"STRAND_DATABASE_URL": "postgresql+psycopg://a:hidden@127.0.0.1:1/strand"},
            "The database cannot be used",
        ),
        ({"STRAND_DATA_DIR": f"{__file__}/data"}, "is a file"),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence(
    small_strand: Strand, tmp_path: Path, settings: dict[str, str], reason: str
) -> None:

    sentence = one_sentence(small_strand("migrate", **settings))

    assert reason in sentence
    assert "hidden" not in sentence


def test_every_command_has_help(small_strand: Strand, tmp_path: Path) -> None:
    listed = small_strand("--help").stdout
    commands = re.findall(r"^ {4}([a-z-]+)", listed, re.MULTILINE)

    assert sorted(commands) == [
        *("create-user", "demo", "import", "migrate", "reset-password", "serve", "undo-import"),
        "work",
    ]
    for command in commands:
        assert small_strand(command, "--help").returncode == 0
    assert small_strand("dance").returncode == 2
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "de_AT"}, "de"),
        ({"LANGUAGE": "fr:de:en", "LC_ALL": "en_US.UTF-8"}, "de"),
        ({"LANGUAGE": "", "LANG": "de_CH.UTF-8"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_language_of_a_terminal_is_the_one_that_gettext_reads(
    environment: dict[str, str], language: str
) -> None:
    assert language_of(environment) == language


def test_a_german_terminal_is_answered_in_german(small_strand: Strand) -> None:
    made = small_strand(
        "create-user", "Carol", "--time-zone", "Asia/Tokyo", typed=PASSWORD, **GERMAN
    )
    short = small_strand("create-user", "Dora", typed="short\n", **GERMAN)
    nobody = small_strand("reset-password", "Dora", typed=PASSWORD, **GERMAN)
    reset = small_strand("reset-password", "Carol", typed=NEW_PASSWORD, **GERMAN)
    migrated = small_strand("migrate", **GERMAN)
    unusable = small_strand("migrate", STRAND_SIGN_UP="perhaps", **GERMAN)

    assert made.stdout == "Das Konto Carol wurde angelegt, in der Zeitzone Asia/Tokyo.\n"
    assert one_sentence(short) == "Verwende mindestens 12 Zeichen."
    assert one_sentence(nobody) == "Es gibt kein Konto mit dem Namen Dora."
    assert reset.stdout == (
        "Das Passwort des Kontos Carol wurde geändert, und alle Browser wurden abgemeldet.\n"
    )
    assert migrated.stdout == "Die Datenbank ist auf dem neuesten Stand.\n"
    assert one_sentence(unusable) == (
        "Die Einstellung STRAND_SIGN_UP kann nicht verwendet werden: "
        "möglich sind 'closed' und 'open'."
    )


def test_a_german_terminal_gets_help_in_german_and_the_next_one_in_english(
    small_strand: Strand,
) -> None:
    german = small_strand("create-user", "--help", **GERMAN).stdout
    lacking = small_strand("import", **GERMAN)
    english = small_strand("create-user", "--help").stdout

    assert german.startswith("Aufruf: python -m app create-user")
    assert "\nLegt ein Konto an." in german
    assert "\nArgumente:\n  NAME " in german
    assert "diese Hilfe anzeigen" in german
    assert lacking.stderr.splitlines()[-1] == (
        "python -m app import: Fehler: diese Argumente fehlen: FORMAT, DATEI, --user"
    )
    assert english.startswith("usage: python -m app create-user")
    assert "\noptions:\n" in english


def test_an_import_reports_in_the_language_of_the_terminal(
    small_strand: Strand, tmp_path: Path
) -> None:
    small_strand("create-user", "Carol", typed=PASSWORD)
    head, *rows = HISTORY.read_text().splitlines()
    file = tmp_path / "log.csv"
    file.write_text("\n".join([head, *rows, rows[0].replace(" +1030,2023", ",2023")]))
    given = ("import", "health-auto-export", str(file), "--user", "Carol")

    counted = small_strand(*given, "--dry-run", **GERMAN)
    imported = small_strand(*given, **GERMAN)
    command = imported.stdout.splitlines()[-1].partition(": python -m app ")[2]
    undone = small_strand(*command.split(), **GERMAN)

    first, *where = counted.stdout.splitlines()
    assert first == (
        "173 Zeilen gelesen: 172 neu (170 genommen, 1 ausgelassen, 0 offen geblieben, "
        "1 zusätzlich), 0 geändert, 0 unverändert, 0 belassen, weil du sie von Hand geändert hast, "
        "1 nicht lesbar. Es wurde nichts importiert."
    )
    assert where[0] == "Med_13 (90 Dosen): ein neues Mittel."
    assert imported.stderr.endswith(
        "Zeile 174 wurde nicht gelesen: "
        "„2023-02-16 08:38:00“ fehlt die Zeitverschiebung, z.\N{NO-BREAK SPACE}B. +0100.\n"
    )
    assert imported.stdout.splitlines()[1:4] == [
        "Neue Mittel: Med_13, Med_9, Med_4, Med_15.",
        "Med_13 scheint so geplant zu sein: täglich um 08:30 Uhr 2 Stück. "
        "Trag das auf der Seite des Mittels ein.",
        "Med_9 scheint so geplant zu sein: jeden Donnerstag um 20:30 Uhr 1 Stück. "
        "Trag das auf der Seite des Mittels ein.",
    ]
    assert undone.stdout.splitlines() == [
        "172 Dosen und andere Einträge zurückgenommen, dazu 171 geplante Zeiten.",
        "Entfernte Mittel: Med_13, Med_15, Med_4, Med_9.",
    ]


def test_the_password_of_the_demonstration_is_accepted_whatever_it_is() -> None:
    for _try in range(500):
        check_password_is_strong(demo.new_password(), demo.DEMO_NAME)


def test_the_demo_is_served_from_a_folder_that_is_gone_afterwards(
    small_strand: Strand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[tuple[int, int]] = []

    def look(app: ASGIApp) -> None:
        health = TestClient(app).get("/healthz")
        seen.append((len(list(tmp_path.glob("strand-demo-*"))), health.status_code))

    here, who = small_strand.start("demo", look).stdout.splitlines()

    assert here.startswith("http://localhost:")
    assert re.fullmatch(r"Sign in as Demo with the password strand-[a-z]{8}", who)
    assert seen == [(1, 200)]
    assert list(tmp_path.glob("strand*")) == []
