"""Send what is made while it is sent, and let go of everything however that ends."""

from collections.abc import Generator, Iterable, Mapping
from itertools import chain
from uuid import UUID

from anyio import CancelScope
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from app.db.trouble import trouble_of
from app.services.slots import Slots
from app.web.words import _

# A browser fetches a few files one by one; each takes a second or so to make.
DOWNLOADS = Slots(
    6, 2, _("Too many downloads are running. Wait until one has finished, then try again.")
)


class Download(StreamingResponse):
    """Chunks with a place among the downloads.

    The first chunk is made at once, so that trouble with the database is told as such; raises
    `Busy` where there is no place. Starlette closes no generator when the reader leaves: what
    it holds would wait for the garbage collector.
    """

    def __init__(
        self,
        chunks: Iterable[bytes],
        user_id: UUID,
        *,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        self.pieces = _with_place(chunks, user_id)
        first = next(self.pieces, b"")
        super().__init__(chain([first], self.pieces), media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and close it however that ends.

        What trouble cuts short is left unfinished, so that the browser does not take it for whole.
        """
        try:
            await super().__call__(scope, receive, send)
        except (SQLAlchemyError, OSError) as error:
            if (trouble := trouble_of(error)) is None:
                raise
            scope["app"].state.health.note(trouble, error)
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self.pieces.close)


def _with_place(chunks: Iterable[bytes], user_id: UUID) -> Generator[bytes]:
    with DOWNLOADS.taken(user_id):
        yield from chunks
