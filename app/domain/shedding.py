"""The ways of counting hairs that are shed, and what has to be known beside a count.

Methods never share a line: each measures something else. A count is compared with the
person's own earlier counts by the same method; no "normal" is shown.

* `sixty_second`: hairs in a comb and on a towel after 60 seconds of combing (Wasko et al.
  2008), on three mornings in a row.
* `wash`: hairs caught on a wash day (a simplified refined wash test, Li et al. 2022).
* `picture`: a score of 1 to 6 beside drawings of bundles, for those who will not count.
* `daily`: every hair seen in a day. Noisy: it jumps on wash days.
"""

from enum import StrEnum


class CountMethod(StrEnum):
    """How hairs were counted."""

    SIXTY_SECOND = "sixty_second"
    WASH = "wash"
    PICTURE = "picture"
    DAILY = "daily"


class HairLength(StrEnum):
    """How long the hair was when it was counted."""

    VERY_SHORT = "very_short"
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class ChemicalTreatment(StrEnum):
    """What was done to the hair in the weeks before the count."""

    NONE = "none"
    DYED = "dyed"
    BLEACHED = "bleached"
    PERMED = "permed"
    STRAIGHTENED = "straightened"
