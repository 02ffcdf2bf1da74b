"""Build the image and run it through everyday events: `make drills`, as root on Debian.

A separate Docker daemon runs in a folder of its own, on a base made by debootstrap, so nothing is
pulled and this machine's Docker is not touched. Both are deleted afterwards, whatever happened.
Ports 80, 443 and 8000 have to be free.

python -m scripts.container_drill [--folder FOLDER] [--root DEBOOTSTRAPPED]
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
from PIL import Image

PROJECT = Path(__file__).parents[1]
BASE = "drill-base"
BASE_PACKAGES = "python3,python3-venv,ca-certificates"
MOST_BYTES = 120_000_000
MEMORY_BYTES = 1536 * 1024 * 1024
HEALTHY_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 5
# Strand ends after five minutes; Docker waits a minute at most before it starts it another time.
STARTED_AGAIN_WITHIN_SECONDS = 400
WELL_AGAIN_WITHIN_SECONDS = 90
PASSWORD = "seven quiet copper kettles"
HERE = "http://127.0.0.1:8000"
DOSES = "/export/doses.csv"
# The messages of a server that cannot start; `tests/test_container.py` compares them with the app.
NEWER = "This database was made by a newer Strand."
UNWRITABLE = "Strand cannot write to "
NO_DATABASE = "There was a database here before"
NO_PHOTOS = "The database lists photos, but "
# The text before a command that helps.
ALLOW, START_FRESH = "Allow it with: ", "with this command: "
FIRST_ACCOUNT = "Create the first account: "
# The header of a browser on our own pages.
OWN = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
# The base needs the same settings as this machine to reach the package index.
FOR_PIP = ("etc/pip.conf", "etc/ssl/certs/ca-certificates.crt")

CADDY = f"""FROM {BASE}
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends caddy >/dev/null
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
"""
# The behaviour of the official image, as far as compose.yaml relies on it.
POSTGRES = f"""FROM {BASE}
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends postgresql >/dev/null
RUN install -d -o postgres /var/lib/postgresql/data && chmod 3777 /var/run/postgresql
ENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
COPY start /start
USER postgres
STOPSIGNAL SIGINT
CMD ["sh", "/start"]
"""
START_POSTGRES = """set -eu
if [ ! -e "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-host=scram-sha-256 >/dev/null
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses=''" start >/dev/null
  createdb --username="$POSTGRES_USER" "$POSTGRES_USER"
  pg_ctl -w stop >/dev/null
fi
exec postgres -c listen_addresses='*'
"""
# Two existing proxies: one strips the prefix, the other does not.
EXISTING_PROXY = """{
	admin off
	skip_install_trust
}
https://localhost:8443 {
	handle_path /hair/* {
		reverse_proxy strand:8000
	}
}
https://localhost:8444 {
	reverse_proxy /hair/* strand:8000
}
"""
NEXT_MIGRATION = '''"""Something that the next version brings."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{last}"


def upgrade() -> None:
    op.create_table("drill", sa.Column("id", sa.Integer(), primary_key=True))
'''


def main() -> int:
    """Run every drill; return the exit status."""
    parser = argparse.ArgumentParser(description="Drill the container image.")
    parser.add_argument("--folder", type=Path, help="where to work; some 3 GB, gone afterwards")
    parser.add_argument("--root", type=Path, help="a debootstrapped folder to use as the base")
    given = parser.parse_args()
    if os.geteuid() != 0:
        print("The drill starts a Docker daemon, so it has to run as root.", file=sys.stderr)
        return 1
    # Stopped from outside, it cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (
        tempfile.TemporaryDirectory(prefix="strand-drill-", dir=given.folder) as folder,
        running_docker(Path(folder)) as docker,
    ):
        try:
            drill(docker, Path(folder), given.root)
        except (AssertionError, httpx.HTTPError) as error:
            print(f"The drill failed: {error!r}", file=sys.stderr)
            print(docker.all_logs(), file=sys.stderr)
            return 1
    print("Every drill passed.")
    return 0


@dataclass(frozen=True)
class Docker:
    """A daemon's client."""

    host: str

    def __call__(self, *arguments: str, check: bool = True, **options: Any) -> str:
        """Run `docker ...`; return its output, errors included."""
        return self.run("docker", *arguments, check=check, **options)

    def compose(self, folder: Path, *arguments: str, **settings: str) -> str:
        """Run `docker-compose ...` on a copy of the project's compose file."""
        return self.run("docker-compose", *arguments, cwd=folder, env={**self.env, **settings})

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command."""
        clean = {name: value for name, value in os.environ.items() if "STRAND" not in name}
        return {**clean, "DOCKER_HOST": self.host, "DOCKER_BUILDKIT": "0"}

    def run(self, *command: str, check: bool = True, **options: Any) -> str:
        """Run a command; what it printed."""
        options = {"env": self.env, **options}
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **options,
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)}: {done.stdout[-3000:]}")
        return done.stdout

    def inspect(self, name: str, form: str) -> str:
        """Return one fact of a container or an image."""
        return self("inspect", "--format", "{{" + form + "}}", name).strip()

    def exit_code(self, name: str) -> int:
        """Wait for a container to end; return its exit code."""
        wait_until(
            lambda: self.inspect(name, ".State.Status") == "exited",
            f"{name} ends; {self('logs', name)}",
            HEALTHY_WITHIN_SECONDS,
        )
        return int(self.inspect(name, ".State.ExitCode"))

    def all_logs(self) -> str:
        """Return the end of every container's log."""
        names = self("ps", "-a", "--format", "{{.Names}}").split()
        return "\n".join(
            f"== {name}\n{self('logs', '--tail', '20', name, check=False)}" for name in names
        )


@contextlib.contextmanager
def running_docker(folder: Path) -> Iterator[Docker]:
    """Run a daemon in a folder; at the end remove its containers, networks and mounts."""
    host = f"unix://{folder}/docker.sock"
    command = [
        *("dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none"),
        *("--storage-driver=overlay2", f"--data-root={folder}/docker"),
        *(f"--exec-root={folder}/exec", f"--pidfile={folder}/pid", f"--host={host}"),
    ]
    docker = Docker(host)
    with (folder / "dockerd.log").open("wb") as log:
        daemon = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until(lambda: "Server" in docker("version", check=False), "the Docker daemon", 30)
            yield docker
        finally:
            if containers := docker("ps", "-aq", check=False).split():
                docker("rm", "--force", "--volumes", *containers, check=False)
            docker("network", "prune", "--force", check=False)
            daemon.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                daemon.wait(timeout=30)
            daemon.kill()
            unmount_below(folder)


def unmount_below(folder: Path) -> None:
    """Unmount everything the daemon left mounted, the deepest first."""
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((each for each in mounts if each.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "--lazy", mount], check=False)


def drill(docker: Docker, folder: Path, root: Path | None) -> None:
    """Run everything in order, with the time that each step took."""
    version = build_everything(docker, folder, root)
    with step("a first start, an account, a dose, a photo, a stop, a restart"):
        first_start(docker, version)
    with step("an update with a migration, and the way back that is refused"):
        update(docker)
    with step("two starts at once on one new volume"):
        two_starts(docker)
    with step("a volume of root, and the command that mends it"):
        volume_of_root(docker)
    with step("a database and a folder of photos that vanished"):
        vanished(docker)
    home = copy_of_compose(folder)
    with step("compose as it is: http://localhost through Caddy"):
        compose_on_localhost(docker, home)
    with step("compose with https, and who is believed about addresses"):
        compose_on_https(docker, home)
    with step("a prefix behind proxies that were there before"):
        behind_a_prefix(docker, home)
    with step("compose on PostgreSQL, two starts at once, and a volume of it that vanished"):
        compose_on_postgres(docker, home)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Print what passed, and how long it took."""
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:6.1f} s  {name}", flush=True)


# Building


def build_everything(docker: Docker, folder: Path, root: Path | None) -> str:
    """Build the base, Strand twice, a Caddy and a PostgreSQL; return the present version."""
    if root is None:
        root = folder / "root"
        with step("debootstrap"):
            docker.run("debootstrap", "--variant=minbase", f"--include={BASE_PACKAGES}",
                       "bookworm", str(root))  # fmt: skip
    for name in FOR_PIP:
        if (Path("/") / name).exists():
            shutil.copy(Path("/") / name, root / name)
    with step("the base image"):
        archive = folder / "base.tar"
        exclude = ["--exclude=./var/cache/apt/archives", "--exclude=./var/lib/apt/lists"]
        docker.run("tar", "-C", str(root), *exclude, "-cf", str(archive), ".")
        docker("import", str(archive), BASE)
        archive.unlink()
    found: str
    (found,) = re.findall(r'__version__ = "(.+)"', (PROJECT / "app/__init__.py").read_text())
    with step("Strand's image"):
        build(docker, PROJECT, "strand", found)
    base, whole = (int(docker.inspect(image, ".Size")) for image in (BASE, "strand"))
    print(f"         our own layers: {(whole - base) / 1e6:.1f} MB", flush=True)
    assert whole - base < MOST_BYTES
    with step("the image of the next version"):
        build(docker, next_version(folder), "strand:next", "99.0.0")
    with step("images of Caddy and PostgreSQL"):
        for name, recipe in (("caddy", CADDY), ("postgres", POSTGRES)):
            context = folder / f"{name}-image"
            context.mkdir()
            (context / "Dockerfile").write_text(recipe)
            (context / "start").write_text(START_POSTGRES)
            docker("build", "--network=host", "--tag", f"drill-{name}", str(context))
    return found


def build(docker: Docker, context: Path, tag: str, version: str) -> None:
    """Build Strand from a folder."""
    arguments = [f"--build-arg=BASE_IMAGE={BASE}", f"--build-arg=VERSION={version}"]
    docker("build", "--network=host", *arguments, "--tag", tag, str(context))
    label = '(index .Config.Labels "org.opencontainers.image.version")'
    assert docker.inspect(tag, label) == version


def next_version(folder: Path) -> Path:
    """Copy the files of the image, with another version and one more migration."""
    context = folder / "next"
    context.mkdir()
    for name in ("app", "migrations", "static", "templates"):
        shutil.copytree(PROJECT / name, context / name)
    for name in ("Dockerfile", ".dockerignore", "pyproject.toml", "requirements.lock", "LICENSE"):
        shutil.copy(PROJECT / name, context)
    (context / "app/__init__.py").write_text('"""Strand."""\n\n__version__ = "99.0.0"\n')
    versions = context / "migrations/versions"
    last = max(path.name.split("_")[0] for path in versions.glob("*.py"))
    number = f"{int(last) + 1:04}"
    text = NEXT_MIGRATION.format(number=number, last=last)
    (versions / f"{number}_drill.py").write_text(text)
    return context


# One container


def start(docker: Docker, name: str, *options: str, image: str = "strand", volume: str) -> None:
    """Start Strand as strictly as compose.yaml does."""
    docker(
        *("run", "--detach", "--name", name, "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL"),
        *("--security-opt=no-new-privileges", "--health-interval=1s", "--network=host"),
        *(f"--volume={volume}:/data", *options, image),
    )


def wait_until_healthy(docker: Docker, name: str) -> None:
    """Wait for the image's own health check."""
    wait_until(
        lambda: docker.inspect(name, ".State.Health.Status") == "healthy",
        f"{name}: {docker('logs', name)}",
        HEALTHY_WITHIN_SECONDS,
    )


def stop(docker: Docker, name: str) -> float:
    """Stop a container by SIGTERM and remove it; return the seconds that took."""
    began = time.monotonic()
    docker("stop", name)
    took = time.monotonic() - began
    code = docker.inspect(name, ".State.ExitCode")
    assert code == "0", f"{name} ended with {code}"
    assert took < STOPS_WITHIN_SECONDS, f"{name} took {took:.1f} s to stop"
    docker("rm", name)
    return took


def first_start(docker: Docker, version: str) -> None:
    """From a fresh volume to a dose and a photo that survive a restart."""
    began = time.monotonic()
    start(docker, "first", volume="home")
    wait_until_healthy(docker, "first")
    print(f"         healthy after {time.monotonic() - began:.1f} s", flush=True)
    assert docker("exec", "first", "id", "-u").strip() == "10001"
    refused = docker("exec", "first", "touch", "/srv/strand/app/x", check=False)
    assert "Read-only file system" in refused
    person = Visitor(HERE)
    assert person.client.get("/healthz").json() == {"status": "ok", "version": version}
    set_up(person, docker("logs", "first"))
    person.log_a_dose()
    person.add_a_photo()
    print(f"         stopped after {stop(docker, 'first'):.1f} s", flush=True)

    start(docker, "second", volume="home")
    wait_until_healthy(docker, "second")
    assert FIRST_ACCOUNT not in docker("logs", "second")
    assert person.doses() == 1
    assert person.client.get("/photos").text.count("<img") == 1
    stop(docker, "second")


def update(docker: Docker) -> None:
    """Start the next version on the same volume, and the old one on the new one's volume."""
    start(docker, "newer", image="strand:next", volume="home")
    wait_until_healthy(docker, "newer")
    person = Visitor(HERE)
    assert person.client.get("/healthz").json()["version"] == "99.0.0"
    person.sign_in()
    assert person.doses() == 1
    stop(docker, "newer")
    start(docker, "older", volume="home")
    says(docker, "older", NEWER)


def two_starts(docker: Docker) -> None:
    """Both migrate one new database: one does it, the other waits and finds it done.

    Each prints a link; the first account ends both.
    """
    for name, port in (("left", 8000), ("right", 8001)):
        start(docker, name, f"--env=PORT={port}", volume="shared")
    for name in ("left", "right"):
        wait_until_healthy(docker, name)
    left, right = docker("logs", "left"), docker("logs", "right")
    assert set_up_link(left).fragment != set_up_link(right).fragment
    set_up(Visitor(HERE), left)
    assert Visitor("http://127.0.0.1:8001").client.get("/set-up").status_code == 404
    for name in ("left", "right"):
        stop(docker, name)


def volume_of_root(docker: Docker) -> None:
    """The sentence names a command; the command works as printed."""
    # Docker itself gives an empty volume to whom the image gives the folder.
    as_root(docker, "owned", "touch /data/kept && chown -R 0:0 /data")
    start(docker, "owned", volume="owned")
    said = says(docker, "owned", f"{UNWRITABLE}/data.", keep=True)
    mend(docker, said.split(ALLOW)[1])
    docker("start", "owned")
    wait_until_healthy(docker, "owned")
    stop(docker, "owned")


def vanished(docker: Docker) -> None:
    """A missing database or missing photos are never replaced by empty ones."""
    as_root(docker, "home", "mv /data/photos /data/photos-elsewhere")
    start(docker, "photoless", image="strand:next", volume="home")
    says(docker, "photoless", f"{NO_PHOTOS}/data/photos is not there.")
    as_root(docker, "home", "rm /data/strand.db*")
    start(docker, "emptied", volume="home")
    said = says(docker, "emptied", NO_DATABASE, keep=True)
    mend(docker, said.split(START_FRESH)[1])
    docker("start", "emptied")
    wait_until_healthy(docker, "emptied")
    assert FIRST_ACCOUNT in docker("logs", "emptied")
    stop(docker, "emptied")


def says(docker: Docker, name: str, sentence: str, *, keep: bool = False) -> str:
    """Check that a container ended with a sentence and a status; return the line."""
    assert docker.exit_code(name) == 1
    said = docker("logs", name).strip()
    assert sentence in said, said
    assert len(said.splitlines()) == 1, said
    if not keep:
        docker("rm", name)
    return said


def mend(docker: Docker, command: str) -> None:
    """Type the command that a sentence named."""
    done = subprocess.run(command, shell=True, env=docker.env, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr.decode()}"


def as_root(docker: Docker, volume: str, script: str) -> None:
    """Change something in a volume that Strand may not change."""
    docker("run", "--rm", f"--volume={volume}:/data", BASE, "sh", "-c", script)


# Compose


def copy_of_compose(folder: Path) -> Path:
    """Copy the project's compose file and Caddyfile to a folder without .env."""
    home = folder / "home"
    (home / "deploy").mkdir(parents=True)
    shutil.copy(PROJECT / "compose.yaml", home)
    shutil.copy(PROJECT / "deploy/Caddyfile", home / "deploy")
    images = "STRAND_IMAGE=strand\nCADDY_IMAGE=drill-caddy\nPOSTGRES_IMAGE=drill-postgres\n"
    (home / ".env").write_text(images)
    return home


def up(docker: Docker, home: Path, **settings: str) -> str:
    """Bring everything up; return the log of Strand once it is healthy."""
    docker.compose(home, "up", "--detach", "--no-build", **settings)
    wait_until_healthy(docker, "home_strand_1")
    return docker("logs", "home_strand_1")


def down(docker: Docker, home: Path, *options: str, **settings: str) -> None:
    """Stop everything as fast as required, and remove it."""
    began = time.monotonic()
    docker.compose(home, "stop", **settings)
    took = time.monotonic() - began
    for name in docker("ps", "-a", "--format", "{{.Names}}").split():
        code = docker.inspect(name, ".State.ExitCode")
        assert code == "0", f"{name} ended with {code}"
    assert took < 2 * STOPS_WITHIN_SECONDS, f"compose took {took:.1f} s to stop"
    docker.compose(home, "down", *options, **settings)


def compose_on_localhost(docker: Docker, home: Path) -> None:
    """Without any setting: plain http, through Caddy and straight."""
    said = up(docker, home)
    assert "http://localhost\n" in said
    person = Visitor("http://localhost")
    person.wait_for_the_proxy()
    set_up(person, said)
    person.log_a_dose()
    assert "sid" in person.client.cookies
    # By another name of this computer, as in a home network.
    assert "sign-in" in httpx.get("http://127.0.0.1/", follow_redirects=True).url.path
    for name in ("home_strand_1", "home_caddy_1"):
        assert docker.inspect(name, ".HostConfig.ReadonlyRootfs") == "true"
        assert docker.inspect(name, ".HostConfig.CapDrop") == "[ALL]"
    assert docker.inspect("home_strand_1", ".HostConfig.Memory") == str(MEMORY_BYTES)
    down(docker, home)


def compose_on_https(docker: Docker, home: Path) -> None:
    """With an address of https: Caddy's own authority stands for a public one."""
    settings = {"STRAND_BASE_URL": "https://localhost"}
    up(docker, home, **settings)
    person = Visitor("https://localhost", verify=authority(docker, home))
    person.wait_for_the_proxy()
    answer = person.sign_in()
    assert re.search(r"__Host-sid=.*; Secure", answer.headers["set-cookie"])
    assert "strict-transport-security" in answer.headers
    assert person.doses() == 1
    moved = httpx.get("http://localhost/")
    assert moved.headers["location"].startswith("https://localhost/")

    # A visitor of the proxy is identified by their own address; nobody can claim another one.
    claim = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    through = fails_to_sign_in(docker, "https://caddy", claim, network="home_front")
    assert networks_of_failures(docker) == {digest(through)}, "the address behind Caddy"
    straight = fails_to_sign_in(docker, "http://strand:8000", claim, network="home_back")
    assert networks_of_failures(docker) == {digest(through), digest(straight)}, "a stranger"
    down(docker, home, "--volumes", **settings)


FAILING = """
import http.client, json, socket, ssl, sys
from urllib.parse import urlencode, urlsplit
where, headers = json.loads(sys.argv[1])
parts = urlsplit(where)
print(socket.gethostbyname(socket.gethostname()))
if parts.scheme == "https":
    context = ssl._create_unverified_context()
    made = socket.create_connection((parts.hostname, parts.port or 443))
    link = http.client.HTTPConnection("localhost")
    link.sock = context.wrap_socket(made, server_hostname="localhost")
else:
    link = http.client.HTTPConnection(parts.hostname, parts.port)
form = urlencode({"name": "nobody", "password": "wrong wrong wrong"})
kind = {"content-type": "application/x-www-form-urlencoded", "host": "localhost"}
link.request("POST", "/sign-in", form, {**kind, **headers, "sec-fetch-site": "same-origin"})
assert link.getresponse().status == 422
"""


def fails_to_sign_in(docker: Docker, where: str, headers: dict[str, str], *, network: str) -> str:
    """Enter a wrong password from a separate container, which has its own address."""
    given = json.dumps([where, headers])
    said = docker("run", "--rm", f"--network={network}", BASE, "python3", "-c", FAILING, given)
    return said.strip()


def networks_of_failures(docker: Docker) -> set[str]:
    """Return the networks of wrong passwords, as the database stores them."""
    script = (
        "import sqlite3; db = sqlite3.connect('/data/strand.db');"
        "print(*(row[0] for row in db.execute('select network_hash from failed_sign_in')))"
    )
    said = docker("exec", "home_strand_1", "/srv/venv/bin/python", "-c", script)
    return set(said.split())


def digest(address: str) -> str:
    """Hash an address as the database does."""
    return hashlib.sha256(address.encode()).hexdigest()


def behind_a_prefix(docker: Docker, home: Path) -> None:
    """Every link, redirect, file and cookie works below a path, however the proxy treats it."""
    docker("network", "create", "--subnet=10.83.84.0/28", "prefixed")
    (home / "existing").write_text(EXISTING_PROXY)
    addresses = ["https://localhost:8443/hair", "https://localhost:8444/hair"]
    docker(
        *("run", "--detach", "--name=strand", "--network=prefixed", "--read-only", "--tmpfs=/tmp"),
        *("--cap-drop=ALL", "--security-opt=no-new-privileges", "--health-interval=1s"),
        *("--publish=127.0.0.1:8000:8000", f"--env=STRAND_BASE_URL={', '.join(addresses)}"),
        *("--env=STRAND_TRUSTED_PROXIES=10.83.84.0/28", "strand"),
    )
    docker(
        *("run", "--detach", "--name=existing", "--network=prefixed", "--publish=8443:8443"),
        *("--publish=8444:8444", f"--volume={home}/existing:/etc/caddy/Caddyfile:ro"),
        "drill-caddy",
    )
    wait_until_healthy(docker, "strand")
    said = docker("logs", "strand")
    assert all(f"{address}\n" in said for address in addresses)
    for number, address in enumerate(addresses):
        person = Visitor(address, verify=authority(docker, home, "existing"))
        person.wait_for_the_proxy()
        if number == 0:
            set_up(person, said)
            person.log_a_dose()
            person.add_a_photo()
        else:
            person.sign_in()
        assert person.doses() == 1
        assert "__Host-sid" in person.client.cookies
        person.check_every_link("/hair")
    # Straight, without a proxy, the same links work as well.
    straight = Visitor(HERE)
    straight.sign_in()
    straight.check_every_link("/hair")
    docker("rm", "--force", "strand", "existing")
    docker("network", "rm", "prefixed")


def compose_on_postgres(docker: Docker, home: Path) -> None:
    """Start the profile twice on the same volume, the first time while the database is created."""
    settings = {
        "COMPOSE_PROFILES": "postgres",
        "POSTGRES_PASSWORD": "letters-and-digits",
        "STRAND_DATABASE_URL": ("postgresql+psycopg://strand:letters-and-digits@postgres/strand"),
    }
    said = up(docker, home, **settings)
    person = Visitor("http://localhost")
    person.wait_for_the_proxy()
    set_up(person, said)
    person.log_a_dose()
    assert docker("exec", "home_strand_1", "ls", "-A", "/data").split() == [".strand", "secret"]
    down(docker, home, **settings)
    up(docker, home, **settings)
    person.wait_for_the_proxy()
    assert person.doses() == 1
    fresh = "create database fresh"
    docker("exec", "home_postgres_1", "psql", "--username=strand", "--command", fresh)
    url = (
        settings["STRAND_DATABASE_URL"].replace("/strand", "/fresh").replace("//fresh", "//strand")
    )
    names = ("left", "right")
    for name in names:
        docker(
            *("run", "--detach", f"--name={name}", "--network=home_back", "--read-only"),
            *("--tmpfs=/tmp", f"--env=STRAND_DATABASE_URL={url}", "strand", "migrate"),
        )
    assert [docker.exit_code(name) for name in names] == [0, 0]
    docker("rm", *names)
    with step("compose starts Strand again once PostgreSQL was away for long"):
        started_again(docker, person)
    down(docker, home, **settings)

    docker("volume", "rm", "home_postgres")
    docker.compose(home, "up", "--detach", "--no-build", **settings)
    wait_until(lambda: NO_DATABASE in docker("logs", "home_strand_1"), NO_DATABASE, 60)
    assert "letters-and-digits" not in docker("logs", "home_strand_1")
    docker.compose(home, "down", "--volumes", **settings)


def started_again(docker: Docker, person: "Visitor") -> None:
    """Docker restarts containers that have ended, so a Strand that stays unhealthy ends itself."""
    began = time.monotonic()
    docker("stop", "home_postgres_1")
    wait_until(
        lambda: docker.inspect("home_strand_1", ".RestartCount") != "0",
        "Strand is started again",
        STARTED_AGAIN_WITHIN_SECONDS,
    )
    print(f"         started again after {time.monotonic() - began:.0f} s", flush=True)
    docker("start", "home_postgres_1")
    began = time.monotonic()
    person.wait_for_the_proxy(WELL_AGAIN_WITHIN_SECONDS)
    print(f"         well {time.monotonic() - began:.1f} s after PostgreSQL", flush=True)
    assert person.doses() == 1


def authority(docker: Docker, home: Path, name: str = "home_caddy_1") -> str:
    """The certificate of Caddy's own authority, once it has made one."""
    target = home / f"{name}.crt"
    source = f"{name}:/data/caddy/pki/authorities/local/root.crt"

    def is_there() -> bool:
        docker("cp", source, str(target), check=False)
        return target.exists()

    wait_until(is_there, "Caddy's certificate", 30)
    return str(target)


# Visiting


class Forms(HTMLParser):
    """The forms of a page with their values, and all links of the page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, dict[str, list[str]], list[str]]] = []
        self.links: set[str] = set()
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note a form, a field, a button or a link."""
        given = {name: value or "" for name, value in attributes}
        name, value = given.get("name", ""), given.get("value", "")
        self.links |= {given[each] for each in ("href", "src") if each in given}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}, []))
        elif tag == "select":
            self._select = name
        elif not self.forms:
            return
        elif tag == "option" and "selected" in given:
            self.forms[-1][1].setdefault(self._select, []).append(value)
        elif tag == "input" and (
            given.get("type") not in {"checkbox", "radio"} or "checked" in given
        ):
            self.forms[-1][1].setdefault(name, []).append(value)
        elif tag == "button":
            self.forms[-1][2].append(f"{name}={value}")


class Visitor:
    """A person with a browser without scripts."""

    def __init__(self, address: str, *, verify: str | bool = True) -> None:
        self.address = address
        self.client = httpx.Client(
            base_url=address, headers=OWN, verify=verify, follow_redirects=True, trust_env=False
        )

    def wait_for_the_proxy(self, seconds: float = 30) -> None:
        """Wait until the proxy lets visitors through."""

        def is_there() -> bool:
            with contextlib.suppress(httpx.HTTPError):
                return self.client.get("/healthz").status_code == 200
            return False

        wait_until(is_there, self.address, seconds)

    def send(self, path: str, button: str = "", **answers: str) -> httpx.Response:
        """Fill in the form of a page that has a button, or that leads to its own address."""
        page = self.client.get(path)
        assert page.status_code == 200, f"{path}: {page.status_code}"
        action, fields, _buttons = next(
            form
            for form in Forms(page.text).forms
            if (button in form[2] if button else form[0].endswith(path.split("?")[0]))
        )
        name, _, value = button.partition("=")
        data = {**fields, **{key: [answer] for key, answer in answers.items()}}
        sent = self.client.post(
            page.url.join(action), data={**data, **({name: [value]} if name else {})}
        )
        assert sent.status_code == 200, f"{path}: {sent.status_code}"
        return sent

    def sign_in(self) -> httpx.Response:
        """Sign in; the first answer, which sets the cookie."""
        self.client.cookies.clear()
        return self.send("/sign-in", name="Robin", password=PASSWORD).history[0]

    def log_a_dose(self) -> None:
        """Add a ready-made set, and take the first thing in it."""
        self.send("/regimen/sets/magnesium-l-threonate")
        self.send("/", "status=taken")
        assert self.doses() == 1

    def doses(self) -> int:
        """Count the taken doses in the file."""
        return self.client.get(DOSES).text.count(",taken,")

    def add_a_photo(self) -> None:
        """Send a picture, which the server decodes in a process of its own."""
        file = io.BytesIO()
        Image.new("RGB", (60, 80), "brown").save(file, "JPEG")
        sent = self.client.post(
            f"/days/{datetime.now(UTC).date()}/photos",
            data={"view": "vertex"},
            files={"photo": ("crown.jpg", file.getvalue(), "image/jpeg")},
        )
        assert "<img" in sent.text, sent.text

    def check_every_link(self, prefix: str) -> None:
        """Check that every link of the main pages works and is below the prefix."""
        seen = set()
        for path in ("/", "/trends", "/regimen", "/photos", "/notes", "/settings", "/export"):
            page = self.client.get(path)
            assert page.status_code == 200, path
            read = Forms(page.text)
            actions = {form[0] for form in read.forms}
            assert not [each for each in actions if not each.startswith(f"{prefix}/")], path
            for link in read.links:
                url = page.url.join(link)
                if url.host == page.url.host and url.path != page.url.path:
                    assert f"{url.path}/".startswith(f"{prefix}/"), f"{link} on {path}"
                    seen.add(url)
        for url in seen:
            answer = self.client.get(url)
            assert answer.status_code == 200, f"{url}: {answer.status_code}"
            for hop in answer.history:
                assert hop.headers["location"].startswith(f"{prefix}/"), url


def set_up(person: Visitor, log: str) -> None:
    """Follow the link of the log to the first account."""
    code = set_up_link(log).fragment
    person.send("/set-up", code=code, name="Robin", password=PASSWORD, time_zone="UTC")


def set_up_link(log: str) -> SplitResult:
    """Return the link to the first account, which a server without accounts prints once."""
    links: list[str] = re.findall(rf"{FIRST_ACCOUNT}(\S+)", log)
    assert len(links) == 1, log
    return urlsplit(links[0])


def wait_until(condition: Callable[[], object], what: str, seconds: float) -> None:
    """Wait for something, but not for ever."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"this did not come about in {seconds} s: {what}"
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
