"""The five views of the scalp that people photograph, and the words for change since the first.

Hair grows about a centimetre a month, so one set every four weeks is enough. The comparison has
seven steps, as in clinical trials; the words are our own.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.i18n import lazy

WEEKS_BETWEEN_SETS = 4
WIDEST_PART_MM = 200


class PhotoView(StrEnum):
    """The direction of the camera; a view is compared only with itself."""

    FRONTAL = "frontal"
    MID_SCALP = "mid_scalp"
    VERTEX = "vertex"
    LEFT_TEMPLE = "left_temple"
    RIGHT_TEMPLE = "right_temple"


class HairState(StrEnum):
    """Whether the hair was wet, which makes it clump and shows more scalp."""

    DRY = "dry"
    WET = "wet"


GLOBAL_CHANGES: Mapping[int, lazy] = MappingProxyType(
    {
        -3: lazy("Far less hair"),
        -2: lazy("Clearly less"),
        -1: lazy("A little less"),
        0: lazy("No difference"),
        1: lazy("A little more"),
        2: lazy("Clearly more"),
        3: lazy("Far more hair"),
    }
)
