"""Fold text so that two ways of writing one name compare equal."""

import re
import unicodedata

# Like invisible marks, apostrophes and primes do not separate words.
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u2032\uff07]")
SHORTEST_AS_ONE = 5
_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
# Letters that are no letter with an accent, and yet are typed without their mark.
_PLAIN_LETTERS = str.maketrans(
    {
        "\u0131": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
    | {"ð": "d"}
)


def folded(text: str) -> str:
    """Return `text` as lower-case words with single spaces: for searching, not for showing.

    Case, accents and punctuation are dropped, and letters are split from digits: "Omega3",
    "omega-3" and "OMEGA 3" give "omega 3"; "Größe" gives "grosse"; "Søren" gives "soren"; "don't"
    gives "dont", with any kind of apostrophe. "2.5%" gives "2 5", in the digits of any script. A
    text without letters or digits gives "".
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    without_accents = "".join(each for each in plain if not _is_mark(each))
    letters = in_ascii_digits(without_accents.casefold()).translate(_PLAIN_LETTERS)
    return " ".join(_LETTERS_OR_DIGITS.findall(letters))


def begins_as_one(text: str, wanted: str) -> bool:
    """Whether consecutive words of `text` begin with `wanted`, ignoring spaces; both are folded.

    So "magnesium l threonate" matches "lthreonate". Fewer than five letters never match.
    """
    letters = wanted.replace(" ", "")
    if len(letters) < SHORTEST_AS_ONE:
        return False
    return re.search("(?:^| )" + " ?".join(letters), text) is not None


def _is_mark(letter: str) -> bool:
    """Whether a character is an accent, or invisible (a soft hyphen)."""
    return bool(unicodedata.combining(letter)) or unicodedata.category(letter) == "Cf"


def in_ascii_digits(text: str) -> str:
    """Write the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each, each)) for each in text)


def is_one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter added, left out, replaced or swapped turns one word into the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    is_swapped = (short[same : same + 2] == long[same : same + 2][::-1]) and (
        short[same + 2 :] == long[same + 2 :]
    )
    return is_swapped or short[same + 1 :] == long[same + 1 :]
