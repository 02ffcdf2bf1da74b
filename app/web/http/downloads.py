"""Send a file while it is being made, and release its resources however that ends."""

from collections.abc import Generator, Iterable, Mapping
from itertools import chain
from uuid import UUID

from anyio import CancelScope
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from app.i18n import lazy
from app.job_limits import JobLimit

# A browser fetches a few files one by one; each takes about a second to make.
DOWNLOADS = JobLimit(
    6, 2, lazy("Too many downloads are running. Wait until one has finished, then try again.")
)


class Download(StreamingResponse):
    """Chunks that occupy a place among the downloads.

    The first chunk is made at once, so that database trouble gets its own answer. Raises `Busy` if
    no place is free. Starlette does not close the generator when the client leaves, so its
    resources would otherwise wait for the garbage collector.
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
        """Send the chunks, and close them however that ends.

        A download cut off by trouble is left unfinished, so that the browser does not take it for
        complete.
        """
        try:
            await super().__call__(scope, receive, send)
        except (SQLAlchemyError, OSError) as error:
            if scope["app"].state.database.note(error) is None:
                raise
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self.pieces.close)


def _with_place(chunks: Iterable[bytes], user_id: UUID) -> Generator[bytes]:
    with DOWNLOADS.taken(user_id):
        yield from chunks
