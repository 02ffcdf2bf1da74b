"""A request of a signed-in person: the viewer, the diary, the sign-in and the addresses."""

from dataclasses import dataclass

from app.diary import Diary
from app.models import SignIn, User
from app.services.history import Decision
from app.web.http.paths import Paths
from app.web.http.reading import EntryForm


@dataclass(frozen=True)
class Visit:
    """One request of a signed-in person: the diary they see, their sign-in, and the addresses."""

    diary: Diary
    viewer: User
    sign_in: SignIn
    paths: Paths

    @property
    def is_over(self) -> bool:
        """Whether the connection was returned, so that nothing can be read any more."""
        return self.diary.session.bind is None

    def decision(self, form: EntryForm) -> Decision:
        """Make the decision of a form; its time is never later than its arrival."""
        return Decision(
            user_id=self.viewer.id,
            entry_id=form.entry_id,
            changed_at=min(form.changed_at or self.diary.now, self.diary.now),
            received_at=self.diary.now,
            device=form.device,
        )
