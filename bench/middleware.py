"""T7: what every request pays before its handler, above a bare route."""

from itertools import repeat

from bench.load import get, post_nothing
from bench.measuring import Contender, alternate, cpu_of, spread
from bench.parts import Bench, explain
from bench.report import Figure, microseconds

# By contender: its target, what it is, the most microseconds, and the ambition.
GOALS = {
    "stack": ("T7", "origin check, security headers, body limit, errors over a bare route", 30, 15),
    "signed in": ("T7, session", "the same with who is signed in (GET, one thread)", 60, 40),
    "writer": ("", "the same for a POST, which takes the person's turn to write", None, None),
}


def middleware(bench: Bench) -> list[Figure]:
    """Compare four routes that do nothing."""
    token, ports = bench.account.token, bench.ports
    contenders = [
        Contender("bare", ports["bare"], repeat(post_nothing("/bare", token))),
        Contender("stack", ports["strand"], repeat(post_nothing("/bare", token))),
        Contender("signed in", ports["strand"], repeat(get("/signed-in", token))),
        Contender("writer", ports["strand"], repeat(post_nothing("/signed-in", token))),
    ]
    samples = alternate(contenders, bench.cpu, bench.effort)
    explain(bench, "T7, session", contenders[2])
    reference = cpu_of(samples, "bare")
    figures = []
    for name, (target, what, most, ambitious) in GOALS.items():
        ours = cpu_of(samples, name)
        above = spread([one - other for one, other in zip(ours, reference, strict=True)])
        figures.append(
            Figure(
                target,
                what,
                microseconds(spread(ours)),
                microseconds(spread(reference)),
                f"{above.middle:+,.0f} µs ({above.lowest:+,.0f} to {above.highest:+,.0f})",
                f"≤ {most} µs" if most else "",
                f"≤ {ambitious} µs" if ambitious else "",
                above.middle <= most if most else None,
            )
        )
    return figures
