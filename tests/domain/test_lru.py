"""The memory that requests share."""

from concurrent.futures import ThreadPoolExecutor

from app.domain.lru import Lru


def test_what_was_used_last_stays_and_the_rest_makes_room() -> None:
    memory: Lru[str, int] = Lru(2)
    memory.put("minoxidil", 1)
    memory.put("biotin", 2)
    assert memory.get("minoxidil") == 1
    memory.put("finasteride", 3)

    assert memory.get("biotin") is None
    assert (memory.get("minoxidil"), memory.get("finasteride")) == (1, 3)


def test_a_newer_value_takes_the_place_of_the_older() -> None:
    memory: Lru[str, int] = Lru(2)
    memory.put("minoxidil", 1)
    memory.put("minoxidil", 2)

    assert memory.get("minoxidil") == 2


def test_eight_threads_that_read_and_write_at_once_get_right_values_or_none() -> None:
    memory: Lru[int, int] = Lru(16)

    def use(thread: int) -> set[bool]:
        seen = set()
        for number in range(4_000):
            key = (number * 7 + thread) % 40
            memory.put(key, key * 2)
            found = memory.get((key + thread) % 40)
            seen.add(found is None or found == (key + thread) % 40 * 2)
        return seen

    with ThreadPoolExecutor(8) as pool:
        assert set().union(*pool.map(use, range(8))) == {True}
