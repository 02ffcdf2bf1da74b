"""Make sure that the programs named on the command line are installed.

In CI (`CI=true`) and as root, Debian packages are installed. Elsewhere, missing programs are listed
with the package that provides them, and the exit status is 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.programs import (
    chromium,
    firefox,
    node_new_enough,
    postgres_program,
    webkit_driver,
    webkit_window,
)

NOTO = Path("/usr/share/fonts/truetype/noto")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program from outside Python, and the Debian packages that provide it."""

    purpose: str
    packages: tuple[str, ...]
    is_there: Callable[[], bool]
    only_in_ci: bool = False


def has_node() -> bool:
    """Whether Node and npm are installed, and new enough."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return node_new_enough(said.stdout)


TOOLS = {
    "chromium": Tool(
        "Chromium, for the browser tests", ("chromium",), lambda: chromium() is not None
    ),
    "firefox": Tool(
        "Firefox, for the browser tests", ("firefox-esr",), lambda: firefox() is not None
    ),
    "webkit": Tool(
        "WebKitGTK with its driver and a screen, for the browser tests",
        ("webkit2gtk-driver", "xvfb", "xauth"),
        lambda: all((webkit_driver(), webkit_window(), shutil.which("xvfb-run"))),
    ),
    "postgresql": Tool(
        "PostgreSQL's server, for the tests on PostgreSQL",
        ("postgresql",),
        lambda: postgres_program("initdb") is not None,
    ),
    "fonts": Tool(
        "fonts, so that pages measure alike", ("fonts-noto-core",), NOTO.exists, only_in_ci=True
    ),
    "docker": Tool(
        "Docker's daemon and docker-compose, for the drills",
        ("docker.io", "docker-compose"),
        lambda: all(map(shutil.which, ("dockerd", "docker", "docker-compose"))),
    ),
    "debootstrap": Tool(
        "debootstrap, for the drills", ("debootstrap",), lambda: bool(shutil.which("debootstrap"))
    ),
    "node": Tool("Node 18 or newer with npm, for the browser code", ("nodejs", "npm"), has_node),
}


def main(names: list[str]) -> int:
    """Install or list what is missing; return the exit status."""
    may_install = os.environ.get("CI") == "true" and os.geteuid() == 0
    missing = [tool for tool in map(TOOLS.__getitem__, names) if not tool.is_there()]
    if may_install and missing and shutil.which("apt-get"):
        install(sorted({package for tool in missing for package in tool.packages}))
        missing = [tool for tool in missing if not tool.is_there()]
    if not may_install:
        missing = [tool for tool in missing if not tool.only_in_ci]
    for tool in missing:
        packages = " ".join(tool.packages)
        print(f"Missing: {tool.purpose}. Install: {packages}", file=sys.stderr)
    return 1 if missing else 0


def install(packages: list[str]) -> None:
    """Install Debian packages, with no questions asked."""
    print(f"Installing {' '.join(packages)}.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = ["apt-get", "-qq", *arguments]
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
