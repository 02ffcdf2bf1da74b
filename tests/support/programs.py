"""Where the programs are that tests need and Python does not bring along."""

import os
import shutil
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def chromium() -> str | None:
    """The path of Chromium, or of Chrome."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def firefox() -> str | None:
    """The path of Firefox."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def webkit_driver() -> str | None:
    """The path of the program that drives WebKitGTK."""
    return shutil.which("WebKitWebDriver")


def webkit_window() -> str | None:
    """The path of WebKitGTK's small browser, which Debian keeps out of `PATH`."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
    return str(found[-1]) if found else None


def postgres_program(name: str) -> str | None:
    """The path of one of PostgreSQL's server programs, the newest version first.

    Debian keeps them out of `PATH`, in one folder a version.
    """
    folders = [
        str(folder / "bin")
        for folder in sorted(DEBIAN_POSTGRES.glob("[0-9]*"), key=_version, reverse=True)
    ]
    return shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))


def node_new_enough(version: str) -> bool:
    """Whether `node --version` names a release that runs the tests (18 or later)."""
    major = version.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= 18


def _version(folder: Path) -> float:
    return float(folder.name) if folder.name.replace(".", "", 1).isdigit() else 0.0
