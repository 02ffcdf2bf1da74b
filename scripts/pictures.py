"""Make the README's pictures from the demonstration's year: `python -m scripts.pictures`.

Clock, data and browser are fixed, so that the same code makes the same pictures.
"""

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright
from sqlmodel import select

from app.db import make_engine, reading, writing
from app.db.migrations import migrate
from app.demo import make_demo_year
from app.demo.photos import make_demo_photos
from app.main import create_app
from app.models import RegimenItem
from app.photos.store import PhotoStore
from app.services.accounts import AccountInput, create_account
from app.services.sign_ins import start_sign_in
from app.settings import Settings
from tests.support.programs import chromium

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/pictures"
# The hint that a phone shows before it installs the app.
INSTALLING = ROOT / "static/pictures"
# A Monday, 21:41 in Berlin: some doses are taken, some are waiting.
NOW = datetime(2026, 11, 23, 20, 41, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
MOST_BYTES = 1_000_000
START_WITHIN_SECONDS = 20


def main() -> int:
    """Take every picture; return whether they are small enough, as an exit status."""
    pictures = [
        ("today-light", "/", "light", PHONE),
        ("today-dark", "/", "dark", PHONE),
        ("week", "/trends/2026-W45", "light", PHONE),
        ("item", "/regimen/{item}", "light", PHONE),
        ("regimen", "/regimen", "light", PHONE),
        ("month", "/calendar/2026-11", "light", PHONE),
        ("desktop-today", "/", "light", DESKTOP),
    ]
    for_installing = [
        ("today", "/", "light", PHONE),
        ("trends", "/trends/2026-W45", "light", DESKTOP),
    ]
    with (
        tempfile.TemporaryDirectory(prefix="strand-pictures-") as folder,
        _serving(Path(folder)) as (origin, token, item),
    ):
        shown = [(name, path.format(item=item), *look) for name, path, *look in pictures]
        _take(shown, origin, token)  # type: ignore[arg-type]
        _take(for_installing, origin, token, INSTALLING, scale=1)
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    print(f"{len(sizes)} pictures, {sum(sizes) // 1000} kB, in {FOLDER}")
    return 0 if sum(sizes) <= MOST_BYTES else 1


def _take(
    pictures: list[tuple[str, str, str, dict[str, int]]],
    origin: str,
    token: str,
    folder: Path = FOLDER,
    scale: float = 1.5,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
        )
        for name, path, theme, size in pictures:
            context = browser.new_context(
                base_url=origin,
                viewport=size,  # type: ignore[arg-type]
                device_scale_factor=scale if size is PHONE else 1,
                color_scheme=theme,  # type: ignore[arg-type]
                locale="en-GB",
                timezone_id="Europe/Berlin",
                reduced_motion="reduce",
            )
            context.clock.install(time=NOW)
            context.add_cookies([{"name": "sid", "value": token, "url": origin}])
            page = context.new_page()
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name}.png", animations="disabled")
            context.close()
        browser.close()


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Serve the year at its own time: the address, a sign-in and an item to show."""
    engine = make_engine(f"sqlite:///{folder / 'strand.db'}")
    migrate(engine)
    with writing(engine) as session:
        account = AccountInput(
            name="Robin", password="seven quiet copper kettles", time_zone="Europe/Berlin"
        )
        person = create_account(session, account, NOW)
        make_demo_year(session, person, NOW)
        make_demo_photos(session, person, NOW, PhotoStore(folder / "photos"))
        token = start_sign_in(session, person, "Chrome on Linux", NOW)
        session.commit()
    with reading(engine) as session:
        wanted = select(RegimenItem).where(RegimenItem.name == "Magnesium L-threonate")
        item = str(session.exec(wanted).one().id)
    application = create_app(Settings(data_dir=folder), engine=engine, clock=lambda: NOW)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until = time.monotonic() + START_WITHIN_SECONDS
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://localhost:{listening.getsockname()[1]}", token, item
    finally:
        server.should_exit = True
        thread.join()
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
