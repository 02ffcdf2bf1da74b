"""T2 and T3: the page of today and the trends, looked at again and looked at after a dose.

To ask for one page again and again flatters every cache. So a page is also asked for after each
of many doses: it costs what a dose and a look cost together, less what a dose costs alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import repeat

from bench.account import Account, changing_requests
from bench.load import Connection, get, post_nothing, put
from bench.measuring import Contender, Sample, alternate, cpu_of, rate_of, ratios, spread
from bench.parts import Bench, beside_a_peer, compressed_page, explain, page
from bench.report import Figure, microseconds, times

TODAY_GOALS, TODAY_AFTER_GOALS = (1.0, 0.7), (2.0, 1.4)
TRENDS_GOALS, TRENDS_AFTER_GOALS = (1.0, 0.5), (2.0, 1.4)
GROWTH_MOST, GROWTH_AMBITIOUS = 3.4, 3.0
FIRST_LOOK_MS = (150, 60)
AFTER_A_SETTING_MOST = 2.0
THREE_YEARS = timedelta(days=1_095)
# The quickest of the self-hosted trackers of habits and doses, measured once on such a machine.
PEER_TODAYS, PEER_TRENDS_US = 42, 25_000


def today(bench: Bench) -> list[Figure]:
    """T2: the page of today beside the fair program's, of the same bytes."""
    token, ports = bench.account.token, bench.ports
    ours = page(ports["strand"], token)
    opened = Connection(ports["fair"])
    opened.ask(put("/template", token, ours))
    opened.socket.close()
    theirs = page(ports["fair"], token)
    looks = [
        Contender("log", ports["strand"], repeat(get("/", token))),
        Contender("fair", ports["fair"], repeat(get("/", token))),
        Contender("bare", ports["bare-sqlite"], repeat(get("/"))),
    ]
    samples = alternate(looks, bench.cpu, bench.effort)
    explain(bench, "T2", looks[0])
    after = _after_a_dose(bench, {"log": "strand", "fair": "fair"}, "/")
    explain(bench, "T2, after a dose", _doses_and_looks(bench, "log", "strand", "/"))
    bare = ratios(cpu_of(samples, "log"), cpu_of(samples, "bare"))
    return [
        _beside(
            "T2",
            "the Today page (8 items), unchanged: CPU, of the fair program",
            (cpu_of(samples, "log"), cpu_of(samples, "fair")),
            TODAY_GOALS,
        ),
        _beside(
            "T2",
            "the Today page after a dose: CPU, of the fair program",
            (after["log"], after["fair"]),
            TODAY_AFTER_GOALS,
        ),
        Figure(
            "",
            "the Today page beside a bare one of 41 rows",
            microseconds(spread(cpu_of(samples, "log"))),
            microseconds(spread(cpu_of(samples, "bare"))),
            times(bare),
        ),
        beside_a_peer("T2b", "the Today page", rate_of(samples, "log"), PEER_TODAYS, (15, 25)),
        _bytes(bench, "the Today page", "/", len(ours), f"{len(theirs):,}"),
    ]


def trends(bench: Bench) -> list[Figure]:
    """T3: the trend page of ten years beside the bare roll-up."""
    token, ports = bench.account.token, bench.ports
    cold_ms = _first_look_ms(bench)
    contenders = [
        Contender("log", ports["strand"], repeat(get("/trends/all", token))),
        Contender("three years", ports["strand"], repeat(get(_three_years(bench.account), token))),
        Contender("bare", ports["bare-sqlite"], repeat(get("/trends"))),
    ]
    samples = alternate(contenders, bench.cpu, bench.effort)
    explain(bench, "T3", contenders[0])
    after = _after_a_dose(bench, {"log": "strand"}, "/trends/all")
    explain(bench, "T3, after a dose", _doses_and_looks(bench, "log", "strand", "/trends/all"))
    shorter, bare = cpu_of(samples, "three years"), cpu_of(samples, "bare")
    growth = ratios(cpu_of(samples, "log"), shorter)
    faster = spread([PEER_TRENDS_US / each for each in shorter])
    doses = f"{len(bench.account.logged):,} doses, 8 items"
    return [
        _beside(
            "T3",
            f"the trends of ten years ({doses}), unchanged: CPU, of the bare program",
            (cpu_of(samples, "log"), bare),
            TRENDS_GOALS,
        ),
        _beside(
            "T3",
            "the trends of ten years after a dose: CPU, of the bare program",
            (after["log"], bare),
            TRENDS_AFTER_GOALS,
        ),
        Figure(
            "T3b",
            "ten years beside three of them, unchanged",
            microseconds(spread(cpu_of(samples, "log"))),
            microseconds(spread(shorter)),
            times(growth),
            f"≤ {GROWTH_MOST}x",
            f"≤ {GROWTH_AMBITIOUS}x",
            growth.middle <= GROWTH_MOST,
        ),
        Figure(
            "T3c",
            "three years beside the best peer",
            microseconds(spread(shorter)),
            f"{PEER_TRENDS_US:,} µs",
            times(faster),
            "≥ 5x",
            "≥ 12x",
            faster.middle >= 5,
        ),
        Figure(
            "T3",
            "the first look at ten years after a start: CPU",
            f"{cold_ms:,.0f} ms",
            must=f"≤ {FIRST_LOOK_MS[0]} ms",
            ambitious=f"≤ {FIRST_LOOK_MS[1]} ms",
            is_met=cold_ms <= FIRST_LOOK_MS[0],
        ),
        _after_a_setting(bench, spread(cpu_of(samples, "log")).middle / 1_000),
        _bytes(bench, "the trends of ten years", "/trends/all", None, ""),
    ]


def _first_look_ms(bench: Bench) -> float:
    """CPU of one look at ten years, in milliseconds."""
    before = bench.cpu()
    page(bench.ports["strand"], bench.account.token, "/trends/all")
    return (bench.cpu() - before) / 1_000_000


def _after_a_setting(bench: Bench, warm_ms: float) -> Figure:
    """Close a hint, which says nothing about any dose, and look at ten years again."""
    opened = Connection(bench.ports["strand"])
    opened.ask(post_nothing("/settings/hints/today/close", bench.account.token))
    opened.socket.close()
    found_ms = _first_look_ms(bench)
    return Figure(
        "T3",
        "the first look at ten years after a setting: CPU, of a look before it",
        f"{found_ms:,.0f} ms",
        f"{warm_ms:,.1f} ms",
        f"{found_ms / warm_ms:.1f}x",
        f"≤ {AFTER_A_SETTING_MOST:g}x",
        is_met=found_ms / warm_ms <= AFTER_A_SETTING_MOST,
    )


def _after_a_dose(bench: Bench, ports: Mapping[str, str], path: str) -> dict[str, list[float]]:
    """CPU of a look after a dose in microseconds, by contender and round."""
    contenders = [_doses_and_looks(bench, name, port, path) for name, port in ports.items()]
    contenders += [
        Contender(f"{name} alone", bench.ports[port], changing_requests(bench.account))
        for name, port in ports.items()
    ]
    samples: Mapping[str, list[Sample]] = alternate(contenders, bench.cpu, bench.effort)
    return {
        name: [
            2 * both - alone
            for both, alone in zip(
                cpu_of(samples, name), cpu_of(samples, f"{name} alone"), strict=True
            )
        ]
        for name in ports
    }


def _doses_and_looks(bench: Bench, name: str, port: str, path: str) -> Contender:
    def requests() -> Iterator[bytes]:
        for dose in changing_requests(bench.account):
            yield dose
            yield get(path, bench.account.token)

    return Contender(name, bench.ports[port], requests())


def _three_years(account: Account) -> str:
    """The trend page of the last three years that were logged."""
    last = max(slot.on for slot in account.logged)
    return f"/trends/dates?from={last - THREE_YEARS}&to={last}"


def _beside(
    target: str,
    what: str,
    costs: tuple[Sequence[float], Sequence[float]],
    goals: tuple[float, float],
) -> Figure:
    ours, theirs = costs
    ratio = ratios(ours, theirs)
    return Figure(
        target,
        what,
        microseconds(spread(ours)),
        microseconds(spread(theirs)),
        times(ratio),
        f"≤ {goals[0]}x",
        f"≤ {goals[1]}x",
        ratio.middle <= goals[0],
    )


def _bytes(bench: Bench, what: str, path: str, size: int | None, reference: str) -> Figure:
    token, port = bench.account.token, bench.ports["strand"]
    size = size or len(page(port, token, path))
    travels = len(compressed_page(port, token, path))
    return Figure("", f"{what}: bytes of HTML (as sent)", f"{size:,} ({travels:,})", reference)
