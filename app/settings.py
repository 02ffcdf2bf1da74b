"""Everything that differs between two installations. Nothing else is configurable."""

import os
import secrets
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "STRAND_"


class SignUp(StrEnum):
    """Who may create an account once the first one exists."""

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

    @property
    def url_of_database(self) -> str:
        """The database to use: the one named, or `strand.db` in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'strand.db'}"

    @property
    def photo_dir(self) -> Path:
        """Where the files of photos are."""
        return self.data_dir / "photos"

    @cached_property
    def secret(self) -> str:
        """This installation's own secret, made once into the data folder for its owner only."""
        path = self.data_dir / "secret"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            made = secrets.token_urlsafe(32)
            file.write(made)
        return made


def read_settings(**overrides: Any) -> Settings:
    """The settings of this process; `STRAND_NAME_FILE` reads NAME from a file.

    Raises OSError where a named file cannot be read.
    """
    from_files = {
        name.removeprefix(PREFIX).removesuffix("_FILE").lower(): Path(path).read_text().strip()
        for name, path in os.environ.items()
        if name.startswith(PREFIX) and name.endswith("_FILE")
    }
    return Settings(**{**from_files, **overrides})
