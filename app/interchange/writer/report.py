"""Count the results of an import and of an undo, and list the rows that could not be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from app.domain.quantities import format_number
from app.i18n import _
from app.interchange.imported_log import Refusal
from app.interchange.writer.merging import Verdict
from app.language.words import counted

Progress = Callable[[int, int], None]


class GiveWay(Protocol):
    """Let others write between two steps of an import, by a commit."""

    def __call__(self, *, at_once: bool = False) -> None:
        """Commit if this turn has lasted long enough, or in any case."""


def go_on(*, at_once: bool = False) -> None:
    """Continue without a commit: everything is one transaction."""


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; `taken` to `extra` are new doses, `entries` all other new entries.

    `proposals` describe patterns and `offers` catalogue entries, one sentence per item. `batch_id`
    names the import for undoing it.
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
        """The number of doses and entries that were not in the log before."""
        return self.taken + self.skipped + self.missed + self.extra + self.entries

    @property
    def refused(self) -> int:
        """The number of rows that could not be read."""
        return len(self.refusals)

    def count(self, verdicts: Sequence[Verdict]) -> None:
        """Count everything that is not new."""
        self.changed += verdicts.count(Verdict.CHANGED)
        self.already_there += verdicts.count(Verdict.UNCHANGED)
        self.kept += verdicts.count(Verdict.KEPT)

    def __str__(self) -> str:
        counts = [
            _("{n} new ({kinds})", n=format_number(self.new), kinds=self._kinds()),
            _("{n} changed", n=format_number(self.changed)),
            _("{n} unchanged", n=format_number(self.already_there)),
            counted(
                "{n} kept because you changed it by hand",
                "{n} kept because you changed them by hand",
                self.kept,
            ),
        ]
        if self.doubled:
            doubled = format_number(self.doubled)
            counts.append(_("{n} about the same dose as another row", n=doubled))
        counts.append(_("{n} not readable", n=format_number(self.refused)))
        rows = counted("{n} row", "{n} rows", self.rows)
        return _("Read {rows}: {counts}.", rows=rows, counts=", ".join(counts))

    def _kinds(self) -> str:
        """Count new doses and entries, by kind."""
        kinds = [
            _("{n} taken", n=format_number(self.taken)),
            _("{n} skipped", n=format_number(self.skipped)),
            _("{n} missed", n=format_number(self.missed)),
            _("{n} extra", n=format_number(self.extra)),
        ]
        if self.entries:
            kinds.append(counted("{n} other entry", "{n} other entries", self.entries))
        return ", ".join(kinds)


@dataclass(slots=True)
class UndoReport:
    """The results of an undo: doses and other entries reverted, and slots deleted.

    `kept` counts what stays, items and dosages too; `items` names the deleted items.
    """

    taken_back: int = 0
    slots: int = 0
    kept: int = 0
    items: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = _(
            "Reverted {entries}, and deleted {times}.",
            entries=counted(
                "{n} dose or other entry", "{n} doses and other entries", self.taken_back
            ),
            times=counted("{n} scheduled time", "{n} scheduled times", self.slots),
        )
        kept = counted(
            "{n} stays as it is, because it was changed since.",
            "{n} stay as they are, because they were changed since.",
            self.kept,
        )
        return f"{told} {kept}" if self.kept else told
