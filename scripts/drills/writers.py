"""Phones that keep their entries until the server has acknowledged them."""

import random
import threading
import time
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import select

from app.db import reading
from app.domain.photo_views import PhotoView
from app.models import EntryVersion, Note, ProgressPhoto
from app.photos.pixels import SIZES
from app.photos.store import PhotoStore
from scripts.drills.home import Person, today
from tests.support.pictures import jpeg

VIEWS = tuple(PhotoView)
WELL = {200, 204, 303}


class Writers:
    """Threads that log notes and photos, and send each again until it is acknowledged."""

    def __init__(self, person: Person, *, notes: int = 4, photos: int = 1) -> None:
        self.person = person
        self.acknowledged: set[str] = set()
        self.photos: set[UUID] = set()
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0
        self.resent = 0
        self.over = threading.Event()
        kinds = [self._log_notes] * notes + [self._log_photos] * photos
        self.threads = [threading.Thread(target=kind) for kind in kinds]

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _log_notes(self) -> None:
        path = f"/days/{today()}/notes"
        while not self.over.is_set():
            entry, text = str(uuid4()), f"note {uuid4()}"
            is_again = False
            while not self.over.is_set():
                answer = self.person.post(path, {"text": text, "id": entry}, entry)
                self.statuses[answer.status] += 1
                self.slowest = max(self.slowest, answer.seconds)
                self.resent += is_again
                if answer.status in WELL:
                    self.acknowledged.add(text)
                    break
                is_again = True
                time.sleep(0.1)

    def _log_photos(self) -> None:
        path = f"/days/{today()}/photos"
        picture = jpeg()
        while not self.over.is_set():
            entry = str(uuid4())
            while not self.over.is_set():
                answer = self.person.upload(path, random.choice(VIEWS), picture, entry)
                self.statuses[answer.status] += 1
                if answer.status in WELL:
                    self.photos.add(UUID(entry))
                    break
                time.sleep(0.2)


def faults(engine: Engine, writers: Writers, photo_dir: Path) -> dict[str, int]:
    """Count differences from the acknowledged entries, by kind; zeros are good."""
    with reading(engine) as session:
        texts = Counter(session.exec(select(Note.text)).all())
        notes = {str(each) for each in session.exec(select(Note.id)).all()}
        told = session.exec(select(EntryVersion.subject).where(EntryVersion.kind == "note")).all()
        versions = {subject.removeprefix("note/") for subject in told}
        photos = session.exec(select(ProgressPhoto)).all()
        damaged = 0
        if engine.dialect.name == "sqlite":
            checked = session.connection().exec_driver_sql("PRAGMA integrity_check").scalars()
            orphans = session.connection().exec_driver_sql("PRAGMA foreign_key_check").all()
            damaged = (list(checked) != ["ok"]) + len(orphans)
    store = PhotoStore(photo_dir)
    kept = {store.path(each.user_id, each.id, size) for each in photos for size in SIZES}
    there = set(photo_dir.glob("*/*.jpg")) if photo_dir.exists() else set()
    return {
        "lost": len(writers.acknowledged - set(texts))
        + len(writers.photos - {each.id for each in photos}),
        "doubled": sum(count - 1 for count in texts.values()),
        "rows without history": len(notes ^ versions),
        "photos without files": len(kept - there),
        "files without photos": len(there - kept),
        "damaged": damaged,
    }
