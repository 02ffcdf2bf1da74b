"""Decide what a later file may change: never what the person changed by hand."""

from enum import StrEnum

from app.interchange.imported_log import Answer


class Verdict(StrEnum):
    """The result for one part of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"


def merge(stated: Answer, current: Answer, wanted: Answer) -> tuple[Verdict, Answer]:
    """Compare the last file's statement, the logged state, and this file's statement.

    A time or a dose (amount and unit) that the person did not change follows the file. If the
    person or the file changes whether a dose was taken, the answer is merged as a whole.
    """
    if wanted in (stated, current):
        return Verdict.UNCHANGED, current
    if current == stated:
        return Verdict.CHANGED, wanted
    if not current.status == stated.status == wanted.status:
        return Verdict.KEPT, current
    merged = current
    if current.at == stated.at:
        merged = merged._replace(at=wanted.at)
    if (current.amount, current.unit) == (stated.amount, stated.unit):
        merged = merged._replace(amount=wanted.amount, unit=wanted.unit)
    return (Verdict.KEPT if merged == current else Verdict.CHANGED), merged
