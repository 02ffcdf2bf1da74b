"""What the image and compose.yaml promise, as far as it shows without Docker.

`make drills` builds and runs them.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings
from scripts import container_drill

ROOT = Path(__file__).parents[1]
DOCKERFILE = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
LINES = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN_IMAGES = (ROOT / "compose.yaml", ROOT / "Dockerfile", ROOT / "deploy/Caddyfile")


def instruction(name: str) -> str:
    """The last instruction of a name: the one that stands."""
    return [line.removeprefix(f"{name} ") for line in LINES if line.startswith(f"{name} ")][-1]


def test_the_base_can_be_chosen_and_is_the_same_for_both_stages() -> None:
    assert LINES[0].startswith("ARG BASE_IMAGE=python:3.")
    stages = [line for line in LINES if line.startswith("FROM ")]
    assert stages == ["FROM ${BASE_IMAGE} AS build", "FROM ${BASE_IMAGE}"]


def test_the_image_runs_as_a_fixed_person_who_is_not_root() -> None:
    assert instruction("USER") == "10001:10001"
    assert json.loads(instruction("VOLUME")) == ["/data"]
    assert "STRAND_DATA_DIR=/data" in instruction("ENV")


@pytest.mark.parametrize("name", ["ENTRYPOINT", "CMD", "HEALTHCHECK"])
def test_no_shell_is_between_docker_and_strand(name: str) -> None:
    words = json.loads(re.sub(r"^.*?(?=\[)", "", instruction(name)))

    assert words[0] in {"/srv/venv/bin/python", "serve"}
    assert "curl" not in words


def test_the_image_says_what_it_is() -> None:
    labels = instruction("LABEL")
    for name in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{name}=" in labels


def test_only_what_runs_goes_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = {
        source
        for line in LINES
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert ignored[0] == "*"
    assert copied == {line[1:] for line in ignored if line.startswith("!")}


def test_packages_are_installed_by_their_hashes() -> None:
    (install,) = [line for line in LINES if '"install", "--quiet"' in re.sub(r" +", " ", line)]
    assert "--require-hashes" in install


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_may_do_as_little_as_possible(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"][0].startswith("/tmp:")
    assert all("size=" in place for place in service["tmpfs"])
    assert "privileged" not in service
    assert service.get("cap_add", []) in ([], ["NET_BIND_SERVICE"])


def test_what_stays_unhealthy_is_started_again_and_may_not_take_all_memory() -> None:
    strand = SERVICES["strand"]

    assert strand["restart"] == "unless-stopped"
    assert strand["environment"]["STRAND_END_WHEN_UNHEALTHY"].endswith(":-true}")
    assert strand["mem_limit"] == "1536m"


def test_only_caddy_can_be_reached_from_other_computers() -> None:
    outside = {
        name
        for name, service in SERVICES.items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }
    assert outside == {"caddy"}
    assert COMPOSE["networks"]["back"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == ["back"]
    assert SERVICES["postgres"]["profiles"] == ["postgres"]


def test_strand_believes_the_proxies_of_its_own_network_only() -> None:
    (subnet,) = (pool["subnet"] for pool in COMPOSE["networks"]["front"]["ipam"]["config"])
    assert SERVICES["strand"]["environment"]["STRAND_TRUSTED_PROXIES"] == subnet


def test_every_setting_that_compose_passes_on_is_one() -> None:
    passed = {name.removeprefix("STRAND_").lower() for name in SERVICES["strand"]["environment"]}
    assert passed <= Settings.model_fields.keys()


@pytest.mark.parametrize("path", OWN_IMAGES, ids=lambda path: path.name)
def test_nothing_is_fetched_from_a_named_host(path: Path) -> None:
    hosts = re.findall(r"https?://([\w.-]+)", path.read_text())
    assert set(hosts) <= {"localhost", "strand.example.org"}


@pytest.mark.parametrize(
    "sentence",
    [
        container_drill.NEWER,
        container_drill.UNWRITABLE,
        container_drill.NO_DATABASE,
        container_drill.NO_PHOTOS,
        container_drill.ALLOW,
        container_drill.START_FRESH,
        container_drill.FIRST_ACCOUNT,
    ],
)
def test_the_drill_waits_for_what_the_app_says(sentence: str) -> None:
    sources = [*(ROOT / "app/cli").glob("*.py"), *(ROOT / "app/db").glob("*.py")]

    assert any(sentence in source.read_text() for source in sources)
