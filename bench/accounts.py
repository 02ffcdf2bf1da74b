"""T12: many accounts on one PostgreSQL beside a single one, under the same mixed load."""

from collections.abc import Iterator, Sequence
from itertools import cycle

from bench.account import Account, changing_requests, make_account
from bench.load import get
from bench.measuring import Contender, alternate, p99_of, rate_of, ratios, spread
from bench.parts import CROWD, Bench, page
from bench.report import Figure, milliseconds, rate, times

ACCOUNTS = 50
DAYS_OF_EACH = 90
LEAST, AMBITIOUS = 0.8, 0.95


def many_accounts(bench: Bench, count: int = ACCOUNTS) -> list[Figure]:
    """Log a dose, look at Today, at Today again and at the trends; each account in its turn."""
    others = [
        make_account(bench.url, DAYS_OF_EACH, name=f"Person {number}") for number in range(count)
    ]
    port = bench.ports["strand-postgres"]
    for each in others:
        page(port, each.token)  # so that the regimen is cached
    contenders = [
        Contender("one", port, _mixed(others[:1])),
        Contender("many", port, _mixed(others)),
    ]
    samples = alternate(contenders, bench.cpu, bench.effort, CROWD)
    ratio = ratios(rate_of(samples, "many"), rate_of(samples, "one"))
    what = f"{count} accounts on PostgreSQL, mixed load, {CROWD} at a time"
    return [
        Figure(
            "T12",
            f"{what}: rate beside one account",
            rate(spread(rate_of(samples, "many"))),
            rate(spread(rate_of(samples, "one"))),
            times(ratio),
            f"≥ {LEAST}x",
            f"≥ {AMBITIOUS}x",
            ratio.middle >= LEAST,
        ),
        Figure(
            "",
            f"{what}: 99 of 100 answered within",
            milliseconds(spread(p99_of(samples, "many"))),
            milliseconds(spread(p99_of(samples, "one"))),
        ),
    ]


def _mixed(accounts: Sequence[Account]) -> Iterator[bytes]:
    doses = {each.token: changing_requests(each) for each in accounts}
    for account in cycle(accounts):
        yield next(doses[account.token])
        yield get("/", account.token)
        yield get("/", account.token)
        yield get("/trends/3-months", account.token)
