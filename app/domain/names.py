"""Tell names apart that people sign in with: what looks alike is one name.

The key of a name follows Unicode's technical standard 39 in its main points: letters in their
compatibility form (NFKC) without case, without what cannot be seen, and with a letter of another
alphabet written as the Latin letter it looks like. `look_alikes.txt` has those, from the
confusables of that standard, for Latin, Greek, Cyrillic, Armenian, Cherokee, Coptic and Lisu.
"""

import hashlib
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
# Default ignorable characters besides the format characters (Unicode 16), and the blank of Braille.
INVISIBLE = frozenset(
    [
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE1000),
    ]
)
# These are written together, and with Latin letters.
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})


def name_key(name: str) -> str:
    """The form in which all spellings that look like `name` are the same."""
    visible = "".join(each for each in name if _is_visible(each))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return _short(" ".join(folded.split()).translate(LOOK_ALIKES))


def exact_key(name: str) -> str:
    """The key of an account whose name looks like an older one's; never a `name_key`."""
    return _short(" " + " ".join(unicodedata.normalize("NFC", name).casefold().split()))


def mixes_alphabets(name: str) -> bool:
    """Whether a word has letters of two alphabets, as only a name made to deceive has."""
    words = unicodedata.normalize("NFKC", name).split()
    return any(len(_alphabets(word)) > 1 for word in words)


def _alphabets(word: str) -> set[str]:
    letters = [each for each in word if unicodedata.category(each) in LETTERS]
    found = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    return found - EAST_ASIAN if found & EAST_ASIAN and found <= EAST_ASIAN | {"LATIN"} else found


def _is_visible(character: str) -> bool:
    is_control = unicodedata.category(character) in {"Cf", "Cc"} and not character.isspace()
    return not is_control and ord(character) not in INVISIBLE


def _short(key: str) -> str:
    """As long as the database takes: the end of a very long one becomes its digest."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: LONGEST_KEY - DIGEST_LENGTH] + digest
