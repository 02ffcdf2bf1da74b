"""Say what an import did, and what it could not read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from app.interchange.imported_log import Refusal
from app.interchange.writer.merging import Verdict

Progress = Callable[[int, int], None]
REPORT = (
    "Read {rows:,} rows: {new:,} new ({kinds}), {changed:,} changed, {unchanged:,} unchanged, "
    "{kept:,} kept because you changed them by hand, {doubled}{refused:,} not readable."
)
DOUBLED = "{doubled:,} about the same dose as another row, "
KINDS = "{taken:,} taken, {skipped:,} skipped, {missed:,} missed, {extra:,} extra"
WITH_ENTRIES = "{kinds}, {entries:,} other entries"


class GiveWay(Protocol):
    """Let others write between two steps of an import, by a commit."""

    def __call__(self, *, at_once: bool = False) -> None:
        """Commit if this turn has lasted long enough, or in any case."""


def go_on(*, at_once: bool = False) -> None:
    """Give way to nobody: everything is one transaction."""


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; `taken` to `extra` are new doses, `entries` all else that is new.

    `proposals` say what repeats and `offers` what the catalogue has, one sentence an item.
    `batch_id` names the import to undo it.
    """

    rows: int = 0
    taken: int = 0
    skipped: int = 0
    missed: int = 0
    extra: int = 0
    entries: int = 0
    changed: int = 0
    already_there: int = 0
    kept: int = 0
    doubled: int = 0
    items: list[str] = field(default_factory=list)
    dosages: int = 0
    proposals: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    batch_id: UUID | None = None

    @property
    def new(self) -> int:
        """How many doses and entries were not in the log before."""
        return self.taken + self.skipped + self.missed + self.extra + self.entries

    @property
    def refused(self) -> int:
        """How many rows could not be read."""
        return len(self.refusals)

    def count(self, verdicts: Sequence[Verdict]) -> None:
        """Count all that is not new."""
        self.changed += verdicts.count(Verdict.CHANGED)
        self.already_there += verdicts.count(Verdict.UNCHANGED)
        self.kept += verdicts.count(Verdict.KEPT)

    def __str__(self) -> str:
        kinds = KINDS.format(
            taken=self.taken, skipped=self.skipped, missed=self.missed, extra=self.extra
        )
        if self.entries:
            kinds = WITH_ENTRIES.format(kinds=kinds, entries=self.entries)
        return REPORT.format(
            rows=self.rows,
            new=self.new,
            kinds=kinds,
            changed=self.changed,
            unchanged=self.already_there,
            kept=self.kept,
            doubled=DOUBLED.format(doubled=self.doubled) if self.doubled else "",
            refused=self.refused,
        )
