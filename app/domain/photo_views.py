"""The five views of the scalp that are photographed, and how the change since the first is told.

Hair grows about a centimetre a month, so a set every four weeks shows what there is to see.
The comparison has seven steps, as trials use them; its words are our own.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

WEEKS_BETWEEN_SETS = 4
WIDEST_PART_MM = 200


class PhotoView(StrEnum):
    """Where the camera looks; one view is compared only with itself."""

    FRONTAL = "frontal"
    MID_SCALP = "mid_scalp"
    VERTEX = "vertex"
    LEFT_TEMPLE = "left_temple"
    RIGHT_TEMPLE = "right_temple"


class HairState(StrEnum):
    """Wet hair clumps and shows more scalp: it is told with every photo."""

    DRY = "dry"
    WET = "wet"


GLOBAL_CHANGES: Mapping[int, str] = MappingProxyType(
    {
        -3: "Far less hair",
        -2: "Clearly less",
        -1: "A little less",
        0: "No difference",
        1: "A little more",
        2: "Clearly more",
        3: "Far more hair",
    }
)
