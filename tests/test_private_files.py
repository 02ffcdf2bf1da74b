"""Nobody else on the computer can read a diary."""

import stat
from pathlib import Path

import pytest

from app.cli.installation import open_installation
from app.settings import Settings


def modes_below(folder: Path) -> dict[str, int]:
    """What group and others may do with each file and folder."""
    found = [folder, *folder.rglob("*")]
    return {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in found}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_a_new_installation_is_readable_by_its_owner_only(settings: Settings) -> None:
    with open_installation(settings) as engine:
        assert settings.secret
        engine.connect().close()
        modes = modes_below(settings.data_dir)

    assert {"data", "strand.db", "secret", ".strand"} <= set(modes)
    assert set(modes.values()) == {0}


@pytest.mark.slow
def test_an_installation_that_others_could_read_is_closed_to_them(settings: Settings) -> None:
    with open_installation(settings):
        settings.photo_dir.mkdir()
    for path in (settings.data_dir, settings.photo_dir, settings.data_dir / "strand.db"):
        path.chmod(path.stat().st_mode | 0o055)

    with open_installation(settings):
        assert set(modes_below(settings.data_dir).values()) == {0}
