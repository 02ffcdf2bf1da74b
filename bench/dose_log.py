"""T1: log a dose of these days, one at a time and in a crowd; and one of ten years ago."""

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle

from bench import bare
from bench.account import Account, outbox_requests
from bench.measuring import (
    Contender,
    Sample,
    Spread,
    alternate,
    cpu_of,
    p99_of,
    rate_of,
    ratios,
    spread,
)
from bench.parts import CROWD, Bench, beside_a_peer, explain, page
from bench.report import Figure, microseconds, milliseconds, rate, times

LARGE_CROWD = 32
# By how many are under way at a time: the most CPU, of the fair program's, and the ambition.
CPU_GOALS = {1: (1.6, 1.35), CROWD: (1.3, 1.0), LARGE_CROWD: (1.3, 1.0)}
RATE_GOALS = (1.0, 1.5)
POSTGRES_GOALS = (0.5, 0.65)
PEER_LOGS = 150


def dose_log(bench: Bench) -> list[Figure]:
    """T1d: on SQLite with every commit on the disk, beside the fair program and the bare one."""
    ours = _ours(bench, "strand")
    fair = _recent(bench, "fair", bench.ports["fair"], bench.forget)
    contenders = [ours, fair, _bare(bench, "bare-sqlite")]
    figures = []
    for connected, goals in CPU_GOALS.items():
        samples = alternate(contenders, bench.cpu, bench.effort, connected)
        what = f"log a dose of these days, SQLite, {connected} at a time"
        figures += [_of_fair(samples, what, goals), *_of_rates(samples, what, connected)]
        if connected == 1:
            logged = rate_of(samples, "log")
            figures.append(beside_a_peer("T1c", "log a dose", logged, PEER_LOGS, (10, 20)))
    explain(bench, "T1d", ours)
    return [*figures, *_others(bench, "strand", "SQLite")]


def dose_log_on_postgres(bench: Bench) -> list[Figure]:
    """T1e: on PostgreSQL, beside the bare program."""
    ours = _ours(bench, "strand-postgres")
    contenders = [ours, _bare(bench, "bare-postgres")]
    figures = []
    for connected in (1, CROWD):
        samples = alternate(contenders, bench.cpu, bench.effort, connected)
        what = f"log a dose of these days, PostgreSQL, {connected} at a time"
        ratio = ratios(cpu_of(samples, "bare"), cpu_of(samples, "log"))
        figures += [
            Figure(
                "T1e",
                f"{what}: CPU (ratio: bare over ours)",
                microseconds(spread(cpu_of(samples, "log"))),
                microseconds(spread(cpu_of(samples, "bare"))),
                times(ratio),
                f"≥ {POSTGRES_GOALS[0]}x",
                f"≥ {POSTGRES_GOALS[1]}x",
                ratio.middle >= POSTGRES_GOALS[0],
            ),
            _rates(samples, what, "bare"),
        ]
    explain(bench, "T1e", ours)
    return [*figures, *_others(bench, "strand-postgres", "PostgreSQL")]


def _of_fair(samples: Mapping[str, list[Sample]], what: str, goals: tuple[float, float]) -> Figure:
    ratio = ratios(cpu_of(samples, "log"), cpu_of(samples, "fair"))
    return Figure(
        "T1d",
        f"{what}: CPU, of the fair program",
        microseconds(spread(cpu_of(samples, "log"))),
        microseconds(spread(cpu_of(samples, "fair"))),
        times(ratio),
        f"≤ {goals[0]}x",
        f"≤ {goals[1]}x",
        ratio.middle <= goals[0],
    )


def _of_rates(samples: Mapping[str, list[Sample]], what: str, connected: int) -> Iterator[Figure]:
    least, ambitious = RATE_GOALS
    has_goal = connected == LARGE_CROWD
    yield _rates(samples, what, "fair", least if has_goal else None, ambitious)
    yield _rates(samples, what, "bare")
    yield Figure(
        "",
        f"{what}: 99 of 100 answered within",
        milliseconds(spread(p99_of(samples, "log"))),
        milliseconds(spread(p99_of(samples, "fair"))),
    )


def _rates(
    samples: Mapping[str, list[Sample]],
    what: str,
    other: str,
    least: float | None = None,
    ambitious: float = 0,
) -> Figure:
    ratio: Spread = ratios(rate_of(samples, "log"), rate_of(samples, other))
    return Figure(
        "T1d" if least else "",
        f"{what}: rate beside the {other} program",
        rate(spread(rate_of(samples, "log"))),
        rate(spread(rate_of(samples, other))),
        times(ratio),
        f"≥ {least}x" if least else "",
        f"≥ {ambitious}x" if least else "",
        ratio.middle >= least if least else None,
    )


def _others(bench: Bench, port: str, database: str) -> Iterator[Figure]:
    """Say what other doses cost, for information."""
    account, slots = bench.account, iter(bench.account.long_ago)
    others = {
        "of ten years ago": outbox_requests(account, slots),
        "of ten years ago, from a bare form": outbox_requests(account, slots, is_echoed=False),
    }
    for what, requests in others.items():
        contender = Contender("log", bench.ports[port], requests)
        samples = alternate([contender], bench.cpu, bench.effort)
        said = f"log a dose {what}, {database}, 1 at a time: CPU"
        yield Figure("", said, microseconds(spread(cpu_of(samples, "log"))))


def _ours(bench: Bench, port: str) -> Contender:
    page(bench.ports[port], bench.account.token)  # on the page with the form, as for the person
    return _recent(bench, "log", bench.ports[port], bench.forget)


def _recent(bench: Bench, name: str, port: int, forget: Callable[[], None]) -> Contender:
    """Log doses of the last days; a round has at most as many as exist."""
    slots = bench.account.recent
    requests = outbox_requests(bench.account, cycle(slots))
    return Contender(name, port, requests, prepare=forget, most=len(slots))


def _bare(bench: Bench, port: str) -> Contender:
    return Contender("bare", bench.ports[port], _bare_requests(bench.account))


def _bare_requests(account: Account) -> Iterator[bytes]:
    for slot in cycle(account.recent):
        yield bare.log_request(account, slot)
