"""Write the lock files, or (with --check) name those that are out of date.

`requirements.lock` is what Strand runs on, `requirements-dev.lock` adds what tests and checks
need. The first line of each is a digest of the tables of `pyproject.toml` that it was made from,
so that a check needs no network.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
COMPILE = [
    *("uv", "pip", "compile", "--universal", "--generate-hashes", "--no-header", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links", "pyproject.toml"),
]
# Each with a `package.json` and a lock of its own.
NPM_FOLDERS = (ROOT, ROOT / "bench" / "lighthouse")
NPM_LOCK = "package-lock.json"


def main() -> int:
    """Lock, or check; return the exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    if sys.argv[1:] != ["--check"]:
        write_locks(project)
    stale = stale_locks(project)
    for name in stale:
        print(f"{name} is out of date or names a host: run make lock.", file=sys.stderr)
    return 1 if stale else 0


def inputs_of(project: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the tables that each lock of Python packages is made from."""
    runtime = [project["project"]["requires-python"], sorted(project["project"]["dependencies"])]
    return {
        "requirements.lock": runtime,
        "requirements-dev.lock": [*runtime, sorted(project["dependency-groups"]["dev"])],
    }


def first_line(inputs: list[Any]) -> str:
    """Return the line that ties a lock to its inputs."""
    digest = hashlib.sha256(json.dumps(inputs).encode()).hexdigest()
    return f"# Made by make lock from pyproject.toml, sha256:{digest}\n"


def write_locks(project: dict[str, Any]) -> None:
    """Resolve both Python locks, then the one of the browser tools."""
    extra = {"requirements-dev.lock": ["--group", "dev", "--constraint", "requirements.lock"]}
    for name, inputs in inputs_of(project).items():
        command = [*COMPILE, *extra.get(name, []), "--output-file", name]
        subprocess.run(command, cwd=ROOT, check=True)
        lock = ROOT / name
        lock.write_text(first_line(inputs) + lock.read_text())
    for folder in NPM_FOLDERS:
        lock_browser_tools(folder)


def lock_browser_tools(project: Path) -> None:
    """Resolve away from `node_modules` (which holds this platform's packages only).

    npm copies each package's funding address into the lock; they are taken out again.
    """
    with TemporaryDirectory() as folder:
        for name in ("package.json", ".npmrc"):
            shutil.copy(project / name, folder)
        command = ["npm", "install", "--package-lock-only", "--silent"]
        subprocess.run(command, cwd=folder, check=True)
        lock = json.loads((Path(folder) / NPM_LOCK).read_text())
    for package in list(lock["packages"].values()):
        package.pop("funding", None)
        add_other_platforms(lock["packages"], package.get("optionalDependencies", {}))
    (project / NPM_LOCK).write_text(json.dumps(lock, indent=2) + "\n")


def add_other_platforms(packages: dict[str, Any], builds: dict[str, str]) -> None:
    """Name the builds for other platforms that this registry lacks: `npm ci` insists on all.

    A build is called `@vendor/cli-linux-x64-musl`. Without a hash it is pinned by version only.
    """
    for name, version in builds.items():
        system, processor, *library = name.split("/")[1].removeprefix("cli-").split("-")
        entry = {"version": version, "cpu": [processor], "dev": True, "optional": True}
        libc = {"libc": library} if library else {}
        packages.setdefault(f"node_modules/{name}", {**entry, **libc, "os": [system]})


def stale_locks(project: dict[str, Any]) -> list[str]:
    """Return locks that do not match their inputs, or that name a host."""
    stale = [
        name
        for name, inputs in inputs_of(project).items()
        if not (ROOT / name).exists()
        or not (ROOT / name).read_text().startswith(first_line(inputs))
    ]
    locks = {str((folder / NPM_LOCK).relative_to(ROOT)): folder for folder in NPM_FOLDERS}
    for name, folder in locks.items():
        asked = json.loads((folder / "package.json").read_text())["devDependencies"]
        locked = json.loads((ROOT / name).read_text())["packages"][""]["devDependencies"]
        if asked != locked:
            stale.append(name)
    names = [*inputs_of(project), *locks]
    return [name for name in names if name in stale or "://" in (ROOT / name).read_text()]


if __name__ == "__main__":
    sys.exit(main())
