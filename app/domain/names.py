"""Compare sign-in names: names that look alike are one name.

The key of a name follows the main points of Unicode Technical Standard 39: letters in their
compatibility form (NFKC), without case, invisible characters and strokes through letters, and with
look-alike letters and digits replaced by the Latin letter. `look_alikes.txt` lists these, from that
standard's confusables. I, l and 1 are one letter: names are compared without case, and a capital I
looks like an l.
"""

import hashlib
import re
import unicodedata
from pathlib import Path

LONGEST_KEY = 240
DIGEST_LENGTH = 64
LOOK_ALIKES = str.maketrans(
    {
        other: letter
        for line in Path(__file__).with_name("look_alikes.txt").read_text("utf-8").splitlines()
        for letter, others in [line.split()]
        for other in others
    }
)
# Default ignorable characters other than format characters (Unicode 16), and the Braille blank.
INVISIBLE = frozenset(
    [
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE1000),
    ]
)
# Marks that combine with any letter: strokes, rings, lines above and below. Any that are left in
# the composed form (NFC) belong to no letter of any language.
LOOSE_MARKS = frozenset(
    [
        *range(0x0300, 0x0370),
        *range(0x0483, 0x048A),
        *range(0x1AB0, 0x1B00),
        *range(0x1DC0, 0x1E00),
        *range(0x20D0, 0x2100),
        *range(0xFE20, 0xFE30),
    ]
)
# Styled capitals without a compatibility form.
DRESSED_CAPITAL = re.compile(
    "(?:LATIN LETTER SMALL CAPITAL|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
    "|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])"
)
TWO_LIKE_ONE = (("rn", "m"), ("vv", "w"))
# Scripts that are mixed with each other, and with Latin letters.
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})


def name_key(name: str) -> str:
    """The form shared by all spellings that look like `name`."""
    visible = "".join(each for each in name if _is_visible(each))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    bare = "".join(_undressed(each) for each in folded if ord(each) not in LOOSE_MARKS)
    key = " ".join(bare.split()).translate(LOOK_ALIKES)
    for two, one in TWO_LIKE_ONE:
        key = key.replace(two, one)
    return _short(key)


def exact_key(name: str) -> str:
    """The key of an account whose name looks like an older account's; never a `name_key`."""
    return _short(" " + " ".join(unicodedata.normalize("NFC", name).casefold().split()))


def mixes_alphabets(name: str) -> bool:
    """Whether a word mixes letters of two alphabets, as only deceptive names do."""
    words = unicodedata.normalize("NFKC", name).split()
    return any(len(_alphabets(word)) > 1 for word in words)


def _alphabets(word: str) -> set[str]:
    letters = [each for each in word if unicodedata.category(each) in LETTERS]
    found = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    return found - EAST_ASIAN if found & EAST_ASIAN and found <= EAST_ASIAN | {"LATIN"} else found


def _undressed(character: str) -> str:
    """A digit of any script, or a capital in another dress, as its plain self in lower case."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    capital = DRESSED_CAPITAL.fullmatch(unicodedata.name(character, ""))
    return capital[1].lower() if capital else character


def _is_visible(character: str) -> bool:
    is_control = unicodedata.category(character) in {"Cf", "Cc"} and not character.isspace()
    return not is_control and ord(character) not in INVISIBLE


def _short(key: str) -> str:
    """Shorten a key to the length of the column: a digest replaces the end of a very long one."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: LONGEST_KEY - DIGEST_LENGTH] + digest
