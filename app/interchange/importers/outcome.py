"""What an import did, and what it could not read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

Progress = Callable[[int, int], None]


class GiveWay(Protocol):
    """Let others write between two steps of an import, by a commit."""

    def __call__(self, *, at_once: bool = False) -> None:
        """Commit if this turn has lasted long enough, or in any case."""


def go_on(*, at_once: bool = False) -> None:
    """Give way to nobody: everything is one transaction."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that could not be read, by its line in the file, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; `taken` to `extra` are new doses.

    `proposals` say what repeats and `offers` what the catalogue has, one sentence an item.
    """

    rows: int = 0
    taken: int = 0
    skipped: int = 0
    missed: int = 0
    extra: int = 0
    changed: int = 0
    already_there: int = 0
    kept: int = 0
    doubled: int = 0
    items: list[str] = field(default_factory=list)
    dosages: int = 0
    proposals: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def new(self) -> int:
        """How many doses were not in the log before."""
        return self.taken + self.skipped + self.missed + self.extra

    @property
    def refused(self) -> int:
        """How many rows could not be read."""
        return len(self.refusals)

    def __str__(self) -> str:
        doubled = f"{self.doubled:,} about the same dose as another row, " if self.doubled else ""
        return (
            f"Read {self.rows:,} rows: {self.new:,} new ({self.taken:,} taken, "
            f"{self.skipped:,} skipped, {self.missed:,} missed, {self.extra:,} extra), "
            f"{self.changed:,} changed, {self.already_there:,} unchanged, "
            f"{self.kept:,} kept because you changed them by hand, {doubled}"
            f"{self.refused:,} not readable."
        )
