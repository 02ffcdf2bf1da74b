"""How many statements a piece of work sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class Queries(list[str]):
    """The statements that were sent, in order; `len` counts them."""


@contextmanager
def count_queries(engine: Engine) -> Iterator[Queries]:
    """Collect the statements that any connection of `engine` sends meanwhile.

    `BEGIN` and `COMMIT` are left out: they go with every request alike.
    """
    queries = Queries()

    def remember(
        _connection: Any, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
    ) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            queries.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield queries
    finally:
        event.remove(engine, "before_cursor_execute", remember)
