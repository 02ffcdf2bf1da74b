"""The caches of the program."""

import gc

from app.domain.lru import Lru


def forget_everything() -> None:
    """Empty every cache, as if the program had just started."""
    for each in gc.get_objects():
        if isinstance(each, Lru):
            each.clear()
