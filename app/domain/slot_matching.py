"""Match the answered slots of a day with the slots of a new plan for that day."""

from collections.abc import Collection, Sequence
from datetime import time


def matched_slots(
    old: Sequence[time], new: Sequence[time], answered: Collection[time]
) -> dict[time, time]:
    """Match each answered old slot to a new one; unmatched ones are left out.

    Both lists are in order of the day. An equal time comes first, then the slot at the same place
    among those that changed, then any that is free, earliest first.
    """
    matches = {at: at for at in old if at in answered and at in new}
    left = [at for at in old if at not in new]
    changed = dict(zip(left, [at for at in new if at not in old], strict=False))
    matches |= {at: to for at, to in changed.items() if at in answered}
    free = [at for at in new if at not in matches.values()]
    unmatched = [at for at in left if at in answered and at not in matches]
    return matches | dict(zip(unmatched, free, strict=False))
