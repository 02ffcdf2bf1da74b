"""The five views of the scalp that are photographed, and how the change since the first is told."""

from enum import StrEnum


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
