"""Kill servers, fill disks, remove databases: no acknowledged entry may be lost."""

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.drills.figures import Figure, within, zeros
from scripts.drills.home import Home, Person, today
from scripts.drills.postgres_server import FAST, IMMEDIATE, on_each_database, postgres_in
from scripts.drills.writers import WELL, Writers, faults

KILLS = 100
UNAVAILABLE = {503, 507}
NOTICED_WITHIN_SECONDS = 60


def kill(folder: Path) -> list[Figure]:
    """Kill the server under load, again and again, on each kind of database."""
    return on_each_database(folder, _kills)


def _kills(kind: str, home: Home) -> list[Figure]:
    home.add_account("Alice")
    starts = [home.start()]
    with Writers(home.sign_in("Alice")) as writers:
        for _each in range(KILLS):
            time.sleep(random.uniform(0.2, 1.2))
            home.end(signal.SIGKILL)
            starts.append(home.start())
    home.end()
    return [
        Figure(
            f"{kind}, killed {KILLS} times",
            f"{len(writers.acknowledged)} notes and {len(writers.photos)} photos acknowledged, "
            f"{writers.resent} sent again",
        ),
        zeros(f"{kind}, afterwards", _faults(home, writers)),
        within(f"{kind}, the slowest start", max(starts), 10),
    ]


def disk(folder: Path) -> list[Figure]:
    """Let the disk run full, lose the database's file, and be closed to writes (as root)."""
    small, failing, image = folder / "small", folder / "failing", folder / "image"
    with _mounted(small, "-t", "tmpfs", "-o", "size=24m,mode=700", "strand-drill"):
        figures = _on_a_small_disk(Home(small), small)
    _run("truncate", "--size=32M", str(image))
    _run("mkfs.ext4", "-q", str(image))
    with _mounted(failing, "-o", "loop", str(image)):
        return figures + _on_a_failing_disk(Home(failing), failing)


@contextmanager
def _mounted(place: Path, *words: str) -> Iterator[None]:
    place.mkdir()
    _run("mount", *words, str(place))
    try:
        yield
    finally:
        _run("umount", "--lazy", str(place))


def _on_a_failing_disk(home: Home, data: Path) -> list[Figure]:
    """Make the disk read-only, as ext4 does after an error."""
    home.add_account("Alice")
    home.start()
    alice = home.sign_in("Alice")
    with Writers(alice, photos=0) as writers:
        time.sleep(1)
        _run("mount", "-o", "remount,abort", str(data))
        time.sleep(1)
        unwell = _unwell("disk closed to writes", home, alice)
        page = alice.get("/")
    home.end(signal.SIGKILL)
    return [
        unwell,
        Figure("the page meanwhile", str(page.status), page.status in {200, 503}),
        _statuses(writers),
    ]


def _on_a_small_disk(home: Home, data: Path) -> list[Figure]:
    home.add_account("Alice")
    home.start()
    alice = home.sign_in("Alice")
    ballast = data / "ballast"
    figures = []
    with Writers(alice, photos=0) as writers:
        time.sleep(1)
        _fill_until_noticed(ballast, data, writers)
        figures.append(_unwell("disk full", home, alice))
        home.end(signal.SIGKILL)
        ballast.unlink()
        home.start()
        figures.append(_well("after a kill on the full disk, with room again", alice))
        _fill(ballast, data)
        time.sleep(1)
        figures.append(_unwell("full again", home, alice))
        ballast.unlink()
        figures.append(_well("with room again, not restarted", alice))

        (data / "strand.db").rename(data / "elsewhere")
        time.sleep(1)
        figures.append(_unwell("database file moved away", home, alice))
        (data / "elsewhere").rename(data / "strand.db")
        figures.append(_well("moved back, not restarted", alice))
    home.end()
    log = home.log.read_text()
    return [
        *figures,
        _statuses(writers),
        zeros("afterwards", _faults(home, writers)),
        Figure(
            "log", f"{len(log):,} bytes, {log.count('Traceback')} tracebacks", "Trace" not in log
        ),
    ]


def postgres(folder: Path) -> list[Figure]:
    """Restart PostgreSQL in every way, under load and at rest."""
    with postgres_in(folder / "postgres") as server:
        home = Home(folder / "home", server.url)
        home.add_account("Alice")
        home.start()
        alice = home.sign_in("Alice")
        figures = []
        with Writers(alice) as writers:
            for how, away in ((FAST, 0), (IMMEDIATE, 0), (FAST, 4), (IMMEDIATE, 4)):
                time.sleep(1)
                server.stop(how)
                if away:
                    time.sleep(away / 2)
                    figures.append(_unwell(f"PostgreSQL away ({how.name})", home, alice))
                    time.sleep(away / 2)
                server.start()
                figures.append(_well(f"PostgreSQL back ({how.name})", alice))
            for _each in range(3):
                time.sleep(1)
                server.kill_a_backend()
            time.sleep(3)
        figures += [_statuses(writers), zeros("afterwards", _faults(home, writers))]
        quiet = []
        for _each in range(5):
            server.stop()
            server.start()
            quiet.append(alice.get("/").status)
        seen = ", ".join(map(str, quiet))
        figures.append(
            Figure("first page after a restart that nobody saw", seen, {*quiet} == {200})
        )
        home.end()
        log = home.log.read_text()
        told = f"{len(log):,} bytes, {log.count('Traceback')} tracebacks"
        return [*figures, Figure("log", told, "Traceback" not in log)]


def _unwell(what: str, home: Home, person: Person) -> Figure:
    """Whether every request reports the trouble."""
    written = person.post(f"/days/{today()}/notes", {"text": "x" * 9_000})
    health = person.get("/healthz")
    is_told = written.status in UNAVAILABLE and "retry-after" in written.headers
    return Figure(what, f"form {written.status}, {health.text}", is_told and health.status == 503)


def _well(what: str, person: Person) -> Figure:
    """Return how long it takes until a page and a form are served again."""
    began = time.monotonic()
    while time.monotonic() - began < 30:
        statuses = {person.get("/").status, person.get("/healthz").status}
        if statuses == {200}:
            break
        time.sleep(0.1)
    return within(f"{what}: well after", time.monotonic() - began, 10)


def _statuses(writers: Writers) -> Figure:
    """Every answer must be good, or one after which a phone tries again."""
    shown = ", ".join(f"{count} x {status}" for status, count in sorted(writers.statuses.items()))
    allowed = WELL | UNAVAILABLE | {0}
    what = f"answers to {len(writers.acknowledged)} notes and {len(writers.photos)} photos"
    return Figure(what, shown, set(writers.statuses) <= allowed)


def _faults(home: Home, writers: Writers) -> dict[str, int]:
    with home.engine() as engine:
        return faults(engine, writers, home.folder / "photos")


def _fill_until_noticed(ballast: Path, data: Path, writers: Writers) -> None:
    """Leave less and less room, so that the last of it is used up by the server itself."""
    until = time.monotonic() + NOTICED_WITHIN_SECONDS
    while not set(writers.statuses) & UNAVAILABLE and time.monotonic() < until:
        with ballast.open("ab") as file:
            file.write(b"x" * 65_536) if _free(data) > 70_000 else time.sleep(0.05)


def _fill(ballast: Path, data: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        while (free := _free(data)) > 0:
            file.write(b"x" * min(free, 65_536))


def _free(data: Path) -> int:
    found = subprocess.run(
        ["stat", "--file-system", "--format=%a %S", str(data)],
        capture_output=True,
        text=True,
        check=True,
    )
    blocks, size = found.stdout.split()
    return int(blocks) * int(size)


def _run(*words: str) -> None:
    subprocess.run(words, check=True)
