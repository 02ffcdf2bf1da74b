"""The dosage history as a chart: every dose is named where its name has room."""

from hypothesis import given
from hypothesis import strategies as st

from app.web.pages.charts.geometry import CHARACTER, LINE, Label, Step, step_labels


def steps_of(*doses: tuple[float, float, str]) -> list[Step]:
    """Steps one after the other to the right edge: where each begins, its height and its name."""
    ends = [left for left, _y, _text in doses[1:]] + [100]
    return [Step(left, right, y, text) for (left, y, text), right in zip(doses, ends, strict=True)]


def span(label: Label) -> tuple[float, float]:
    width = len(label.text) * CHARACTER
    first = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return first, first + width


def test_the_dose_now_is_named_though_it_is_new() -> None:
    labels = step_labels(steps_of((0, 60, "1,000 mg a day"), (82, 20, "2,000 mg a day")))

    assert [label.text for label in labels] == ["2,000 mg a day", "1,000 mg a day"]
    assert labels[0].anchor == "end"


def test_a_lowered_dose_is_named_below_its_line() -> None:
    now, _before = step_labels(steps_of((0, 20, "2,000 mg a day"), (90, 60, "1,000 mg a day")))

    assert (now.text, now.is_below) == ("1,000 mg a day", True)


def test_a_dose_that_goes_on_is_named_once() -> None:
    labels = step_labels(steps_of((0, 20, "5 mg a day"), (50, 20, "5 mg a day")))

    assert [label.text for label in labels] == ["5 mg a day"]


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(20, 100), st.integers(1, 60)), min_size=1)
)
def test_names_stay_in_the_chart_and_apart(drawn: list[tuple[int, int, int]]) -> None:
    starts = sorted({0, *(left for left, _y, _length in drawn[1:])})
    doses = [
        (float(left), float(y), str(place).ljust(min(length, 40), "x"))
        for place, (left, (_left, y, length)) in enumerate(zip(starts, drawn, strict=False))
    ]
    labels = step_labels(steps_of(*doses))

    assert all(span(each)[0] >= -0.01 and span(each)[1] <= 100.01 for each in labels)
    for place, one in enumerate(labels):
        for other in labels[place + 1 :]:
            is_beside = span(one)[1] <= span(other)[0] or span(other)[1] <= span(one)[0]
            tops = [each.y if each.is_below else each.y - LINE for each in (one, other)]
            assert is_beside or abs(tops[0] - tops[1]) >= LINE
