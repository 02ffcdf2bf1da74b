"""Measure two things in turn, and compare them round by round.

Rates vary with everything else the machine does; the ratio of two things measured one right after
the other varies far less. So every round measures each contender once, odd rounds in the other
order, and a figure is the median of its rounds, with the lowest and the highest.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median

from bench.load import Connection, connections, get, send_all

ROUNDS = 9
ROUND_SECONDS = 0.35
WARM_UP = 60
FEWEST = 40


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that answers requests at a port."""

    name: str
    port: int
    requests: Iterator[bytes]
    # Called before each round; a round then has at most so many requests.
    prepare: Callable[[], None] | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one contender: server CPU a request, requests a second, the 99th percentile."""

    cpu_us: float
    rate: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the rounds, and how far they went."""

    middle: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds, and about how many seconds each contender gets per round."""

    rounds: int = ROUNDS
    seconds: float = ROUND_SECONDS
    warm_up: int = WARM_UP
    fewest: int = FEWEST


class Cpu:
    """The CPU time and the memory of the server process, as it tells them."""

    def __init__(self, port: int) -> None:
        self.connection = Connection(port)

    def __call__(self) -> int:
        """Nanoseconds so far."""
        return int(self.connection.ask(get("/")))

    def memory(self) -> int:
        """Bytes that the process holds now."""
        return int(self.connection.ask(get("/memory")))

    def profile(self) -> dict[str, int]:
        """Begin to sample where its time goes; the second time, samples by place."""
        counts: dict[str, int] = json.loads(self.connection.ask(get("/profile")))
        return counts

    def close(self) -> None:
        """Stop asking."""
        self.connection.socket.close()


def alternate(
    contenders: Sequence[Contender], cpu: Callable[[], int], effort: Effort, connected: int = 1
) -> dict[str, list[Sample]]:
    """Every contender's samples, round by round; `connected` requests are under way at a time."""
    sizes = {each.name: _size_of_round(each, effort, connected) for each in contenders}
    samples: dict[str, list[Sample]] = {each.name: [] for each in contenders}
    for number in range(effort.rounds):
        for each in contenders if number % 2 else reversed(contenders):
            samples[each.name].append(_measure(each, sizes[each.name], cpu, connected))
    return samples


def profiled(contender: Contender, cpu: Cpu, effort: Effort) -> dict[str, int]:
    """Return where the time of a contender goes, by samples of one long round."""
    size = effort.rounds * _size_of_round(contender, effort, 1)
    cpu.profile()
    with connections(contender.port, 1) as opened:
        send_all(opened, _take(contender, size))
    return cpu.profile()


def ratios(values: Sequence[float], references: Sequence[float]) -> Spread:
    """Each round's value over its reference."""
    return spread([value / other for value, other in zip(values, references, strict=True)])


def spread(values: Sequence[float]) -> Spread:
    """The median with the lowest and the highest."""
    return Spread(median(values), min(values), max(values))


def cpu_of(samples: Mapping[str, Sequence[Sample]], name: str) -> list[float]:
    """Microseconds of server CPU a request, by round."""
    return [sample.cpu_us for sample in samples[name]]


def p99_of(samples: Mapping[str, Sequence[Sample]], name: str) -> list[float]:
    """Milliseconds within which 99 of 100 requests were answered, by round."""
    return [sample.p99_ms for sample in samples[name]]


def rate_of(samples: Mapping[str, Sequence[Sample]], name: str) -> list[float]:
    """Requests a second, by round."""
    return [sample.rate for sample in samples[name]]


def _size_of_round(contender: Contender, effort: Effort, connected: int) -> int:
    """Warm up, and see how many requests fill a round."""
    if contender.prepare:
        contender.prepare()
    with connections(contender.port, connected) as opened:
        send_all(opened, _take(contender, effort.warm_up // 2))
        seconds = send_all(opened, _take(contender, effort.warm_up - effort.warm_up // 2))
    size = max(effort.fewest, int(effort.seconds * effort.warm_up / 2 / seconds))
    return min(size, contender.most or size)


def _measure(contender: Contender, size: int, cpu: Callable[[], int], connected: int) -> Sample:
    if contender.prepare:
        contender.prepare()
    requests = _take(contender, size)
    with connections(contender.port, connected) as opened:
        time.sleep(0.01)
        before = cpu()
        seconds = send_all(opened, requests)
        used = cpu() - before
        waits = sorted(wait for each in opened for wait in each.waits)
    p99_ms = 1_000 * waits[round(0.99 * (len(waits) - 1))]
    return Sample(cpu_us=used / size / 1_000, rate=size / seconds, p99_ms=p99_ms)


def _take(contender: Contender, size: int) -> list[bytes]:
    requests = list(islice(contender.requests, size))
    if len(requests) < size:
        raise RuntimeError(f"{contender.name} has run out of requests: measure fewer.")
    return requests
