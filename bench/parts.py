"""What every measurement shares: the running server, its account, and requests for pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.account import Account
from bench.load import Connection, get
from bench.measuring import Contender, Cpu, Effort, profiled, spread
from bench.packing import unpacked
from bench.profiling import in_words
from bench.report import Figure, rate, times

CROWD = 8


@dataclass(frozen=True, slots=True)
class Bench:
    """A running server with an account in it.

    `forget` deletes what the measurement has logged, so that its slots are free again.
    """

    folder: Path
    url: str
    account: Account
    ports: Mapping[str, int]
    cpu: Cpu
    effort: Effort
    forget: Callable[[], None]
    remarks: list[str] = field(default_factory=list)


def explain(bench: Bench, target: str, contender: Contender) -> None:
    """Say beneath the table where the time goes."""
    bench.remarks.append(in_words(target, profiled(contender, bench.cpu, bench.effort)))


def page(port: int, token: str, path: str = "/") -> bytes:
    """A page of an application."""
    return unpacked(compressed_page(port, token, path))


def compressed_page(port: int, token: str, path: str = "/") -> bytes:
    """A page of an application, as it travels."""
    connection = Connection(port)
    try:
        return connection.ask(get(path, token))
    finally:
        connection.socket.close()


def beside_a_peer(
    target: str, what: str, ours: Sequence[float], peer: float, goals: tuple[int, int]
) -> Figure:
    """Compare a rate with that of the quickest other tracker."""
    ratio = spread([each / peer for each in ours])
    return Figure(
        target,
        f"{what} beside the best peer",
        rate(spread(ours)),
        f"{peer:,} req/s",
        times(ratio),
        f"≥ {goals[0]}x",
        f"≥ {goals[1]}x",
        ratio.middle >= goals[0],
    )
