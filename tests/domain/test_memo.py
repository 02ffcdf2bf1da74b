"""A value that is computed once for each instance, without making other threads wait."""

from dataclasses import dataclass, field
from threading import Event, Thread

from app.domain.memo import memo


@dataclass(frozen=True)
class Drawer:
    """Counts how often somebody looked into it, and may be stuck."""

    opens: Event
    looks: list[int] = field(default_factory=list)

    @memo
    def content(self) -> str:
        self.looks.append(1)
        self.opens.wait(10)
        return "comb"


def opened() -> Event:
    event = Event()
    event.set()
    return event


def test_it_is_computed_once() -> None:
    drawer = Drawer(opened())
    assert [drawer.content, drawer.content] == ["comb", "comb"]
    assert drawer.looks == [1]


def test_who_looks_into_another_does_not_wait_for_one_that_is_stuck() -> None:
    stuck = Drawer(Event())
    looking = Thread(target=lambda: stuck.content)
    looking.start()
    other = Drawer(opened())
    found: list[str] = []
    looks = Thread(target=lambda: found.append(other.content))
    looks.start()
    looks.join(5)

    assert found == ["comb"]
    stuck.opens.set()
    looking.join()
