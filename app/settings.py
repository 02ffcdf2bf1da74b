"""Everything that differs between two installations. Nothing else is configurable."""

import os
import secrets
from enum import StrEnum
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.i18n import _

PREFIX = "STRAND_"
USUAL_PORTS = {"http": 80, "https": 443}


class SignUp(StrEnum):
    """Whether strangers may create an account once the first one exists."""

    CLOSED = "closed"
    OPEN = "open"


class Settings(BaseSettings):
    """The environment, typed. Every variable has the prefix `STRAND_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str | None = None
    base_url: str | None = None
    trusted_proxies: str = "127.0.0.1"
    sign_up: SignUp = SignUp.CLOSED
    end_when_unhealthy: bool = False
    worker: bool = True
    push_hosts: str = ""

    @field_validator("base_url")
    @classmethod
    def _addresses_can_be_opened(cls, given: str | None) -> str | None:
        paths = set()
        for address in _listed(given):
            try:
                parts = urlsplit(address)
                is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
                is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
                is_usable = is_address and is_plain and parts.port != 0
            except ValueError:
                is_usable = False
            if not is_usable:
                raise _unreadable(
                    _(
                        "{address} is not an address such as https://strand.example.org",
                        address=address,
                    )
                )
            paths.add(parts.path.rstrip("/"))
        if len(paths - {""}) > 1:
            raise _unreadable(_("all its addresses must have the same path"))
        return given

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, given: str) -> str:
        """Refuse a mistyped network, which matches nobody, and `*`, which trusts everyone."""
        for proxy in _listed(given):
            try:
                ip_network(proxy)
            except ValueError as error:
                told = _(
                    "{proxy} is neither an address such as 192.168.1.2 nor a network such as "
                    "172.18.0.0/16",
                    proxy=proxy,
                )
                raise _unreadable(told) from error
        return ",".join(_listed(given))

    @property
    def addresses(self) -> list[str]:
        """The addresses of this installation, without a slash at the end."""
        return [address.rstrip("/") for address in _listed(self.base_url)]

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins of `addresses`."""
        return frozenset(filter(None, map(origin_of, self.addresses)))

    @cached_property
    def prefix(self) -> str:
        """The path that all pages are below, such as `/hair`; empty if there is none."""
        return next(filter(None, (urlsplit(address).path for address in self.addresses)), "")

    @property
    def push_services(self) -> list[str]:
        """The push services to call besides those of the browsers: names, or whole origins."""
        return _listed(self.push_hosts)

    @property
    def url_of_database(self) -> str:
        """The configured database, or `strand.db` in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'strand.db'}"

    @property
    def photo_dir(self) -> Path:
        """The folder of photo files."""
        return self.data_dir / "photos"

    @cached_property
    def secret(self) -> str:
        """This installation's secret, made once in the data folder, readable by its owner only."""
        path = self.data_dir / "secret"
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            descriptor, made = mkstemp(dir=self.data_dir, prefix=".secret-")
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
            # Written completely before it appears: anybody could guess an empty secret.
            Path(made).replace(path)
        return path.read_text().strip()


def read_settings(**overrides: Any) -> Settings:
    """Read the settings of this process; `STRAND_NAME_FILE` names a file to read NAME from.

    Raises OSError if such a file cannot be read.
    """
    from_files = {
        name.removeprefix(PREFIX).removesuffix("_FILE").lower(): Path(path).read_text().strip()
        for name, path in os.environ.items()
        if name.startswith(PREFIX) and name.endswith("_FILE")
    }
    return Settings(**{**from_files, **overrides})


def origin_of(address: str) -> str:
    """Return an address's origin as browsers send it: lower case, no default port; "" for none."""
    try:
        parts = urlsplit(address.strip().lower())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in USUAL_PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_usual = port in {None, USUAL_PORTS[parts.scheme]}
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{port}"


def _listed(given: str | None) -> list[str]:
    return [part.strip() for part in (given or "").split(",") if part.strip()]


def _unreadable(message: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{told}", {"told": message})
