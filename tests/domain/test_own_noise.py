"""How far a person's own figures differ by chance: the worked examples of the textbooks."""

import pytest

from app.domain.own_noise import (
    difference_of_shares,
    is_share_changed,
    pooled_noise,
    wilson,
)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(7, 30, 0.1179, 0.4093), (0, 14, 0, 0.2153), (14, 14, 0.7847, 1)],
)
def test_the_interval_of_a_share_is_wilsons(x: int, n: int, low: float, high: float) -> None:
    assert wilson(x, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("shares", "low", "high", "is_changed"),
    [
        ((9, 40, 3, 35), -0.0323, 0.2995, False),
        ((0, 20, 0, 25), -0.1332, 0.1611, False),
        ((12, 30, 2, 28), 0.11, 0.5127, True),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    shares: tuple[int, int, int, int], low: float, high: float, is_changed: bool
) -> None:
    assert difference_of_shares(*shares) == pytest.approx((low, high), abs=1e-4)
    assert is_share_changed(*shares) is is_changed


def test_answers_of_a_week_that_differ_a_lot_hide_a_small_change() -> None:
    calm = pooled_noise([[3, 3, 3, 4], [3, 4, 3, 3]])
    wild = pooled_noise([[1, 5, 2, 4], [5, 1, 4, 2]])

    assert calm is not None
    assert wild is not None
    assert calm.between(4, 4) < 1 < wild.between(4, 4)
    assert pooled_noise([[3, 3], [4]]) is None
