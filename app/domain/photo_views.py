"""The five views of the scalp that people photograph, and the words for change since the first.

Hair grows about a centimetre a month, so one set every four weeks is enough. The comparison has
seven steps, as in clinical trials; the words are our own.
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
