"""Name what was just deleted, with an Undo button."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from app.errors import NotFound
from app.i18n import _, lazy
from app.models import NoteKind
from app.services.undo import Deletion, deletion_by
from app.web.http.visit import Visit

# The query parameter with the id of the entry that deleted something.
DELETED = "deleted"
SENTENCES = {
    "note": lazy("Note deleted."),
    "measurement": lazy("Measurement deleted."),
    "shedding_count": lazy("Count deleted."),
    "photo": lazy("Photo deleted."),
    "pause": lazy("Pause deleted."),
    "supply": lazy("Deleted from the supply."),
    "medicine": lazy("Medicine removed from the list."),
    "apart_rule": lazy("Rule deleted."),
}


@dataclass(frozen=True, slots=True)
class DeletionNotice:
    """The notice of a deletion that can be undone."""

    sentence: str
    entry_id: UUID


def deletion_notice(request: Request, visit: Visit) -> DeletionNotice | None:
    """Return the notice of the deletion in the page's address, while it can be undone.

    An error page has none: its visit is over, and nothing can be read.
    """
    if visit.is_over:
        return None
    try:
        entry_id = UUID(request.query_params[DELETED])
        deletion = deletion_by(visit.diary.session, visit.diary.owner, entry_id)
    except (KeyError, ValueError, NotFound):
        return None
    if not deletion.can_be_undone(visit.diary.now):
        return None
    return DeletionNotice(_sentence(deletion), entry_id)


def _sentence(deletion: Deletion) -> str:
    before = deletion.before or {}
    if deletion.kind == "regimen_item":
        return _("{item} deleted.", item=before["name"])
    if before.get("kind") == NoteKind.EVENT:
        return _("Life event deleted.")
    return str(SENTENCES[deletion.kind])
