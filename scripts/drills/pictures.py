"""Send hostile pictures one by one: each is answered in time, and none leaves a trace."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from PIL import JpegImagePlugin

from app.photos.pixels import LIMITS
from scripts.drills.figures import Figure, within, zeros
from scripts.drills.home import Answer, Home, today
from scripts.drills.hostile_pictures import hostile_pictures
from scripts.drills.others import Others
from scripts.drills.writers import VIEWS
from tests.support.pictures import readable, unreadable

# The decoder has twenty seconds, and the picture has to travel both ways.
MOST_SECONDS = 22
MOST_MB = int(str(LIMITS["memory"])) // 1_000_000
NAMES = (
    *("a.jpg", "page.html", "a.svg", "photo.jpg.php", "../../strand.db", "C:\\\\a.exe"),
    *("a\u202egpj.exe", "%00.jpg", "x" * 300 + ".jpg", "", ".htaccess", "<script>.png"),
)


def pictures(folder: Path) -> list[Figure]:
    """Send each picture, then a good one under each odd name."""
    home = Home(folder / "home")
    for name in ("Alice", "Bob"):
        home.add_account(name)
    home.start()
    alice, others, watch = home.sign_in("Alice"), Others(home.sign_in("Bob")), Watch(home)
    others.bob.get("/")
    path = f"/days/{today()}/photos"
    hostile = hostile_pictures()
    with others.asking(), watch.watching():
        answers = {
            name: alice.upload(path, VIEWS[number % len(VIEWS)], file, str(uuid4()))
            for number, (name, file) in enumerate(hostile.items())
        }
        good = next(iter(readable().values()))
        named = [alice.upload(path, VIEWS[0], good, str(uuid4()), name) for name in NAMES]
    home.end()
    seconds, slowest = max((answer.seconds, name) for name, answer in answers.items())
    traces = [each for each in (home.folder / "photos").glob("*/*.jpg") if _has_traces(each)]
    log = home.log.read_text()
    return [
        _statuses(f"{len(answers)} hostile pictures", answers),
        _statuses(f"{len(named)} odd names", dict(zip(NAMES, named, strict=True))),
        zeros(
            "taken for something else",
            {
                "photos refused": sum(answers[name].status >= 300 for name in readable()),
                "others taken": sum(answers[name].status < 300 for name in unreadable()),
                "files with metadata": len(traces),
                "tracebacks": log.count("Traceback"),
            },
        ),
        within(f"the slowest ({slowest})", seconds, MOST_SECONDS),
        Figure("the decoder at most", f"{watch.peak_mb} MB", watch.peak_mb <= MOST_MB),
        others.figure("meanwhile"),
    ]


class Watch:
    """Watches the decoders that a server starts, and their memory."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.peak_mb = 0
        self.over = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch as long as the block lasts."""
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()

    def _watch(self) -> None:
        while not self.over.is_set():
            self.peak_mb = max([self.peak_mb, *map(_most_resident, self.home.children())])
            time.sleep(0.02)


def _most_resident(process: int) -> int:
    """Return the highest resident memory of a process, in MB; 0 if it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    _before, found, after = status.partition("VmHWM:")
    return int(after.split()[0]) // 1024 if found else 0


def _has_traces(file: Path) -> bool:
    """Whether a stored file contains anything besides pixels."""
    with JpegImagePlugin.JpegImageFile(file) as image:
        return [marker for marker, _content in image.applist] != ["APP0"]


def _statuses(what: str, answers: dict[str, Answer]) -> Figure:
    """Return the answers; 503 must say when to try again."""
    counts = Counter(answer.status for answer in answers.values())
    shown = ", ".join(f"{count} x {status}" for status, count in sorted(counts.items()))
    wrong = [
        f"{answer.status} {name}"
        for name, answer in answers.items()
        if not 200 <= answer.status < 500
        and not (answer.status == 503 and "retry-after" in answer.headers)
    ]
    return Figure(what, "; ".join([shown, *wrong]), not wrong)
