"""What an import did, and what it could not take."""

from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken, by its line in the file, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Outcome:
    """Counts of one import; `proposals` say what repeats, one sentence an item."""

    rows: int = 0
    taken: int = 0
    skipped: int = 0
    missed: int = 0
    extra: int = 0
    already_there: int = 0
    items: list[str] = field(default_factory=list)
    dosages: int = 0
    proposals: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows were not taken."""
        return len(self.refusals)

    def __str__(self) -> str:
        return (
            f"Read {self.rows:,} rows: {self.taken:,} taken, {self.skipped:,} skipped, "
            f"{self.missed:,} missed, {self.extra:,} extra; "
            f"{self.already_there:,} already there, {self.refused:,} refused."
        )
