"""Recognise passwords that are guessed first.

Attackers start with lists of common passwords and with the usual ways of disguising them: digits
and signs around a word, digits for letters, a word twice, two such words together or in a short
sentence, a walk across the keyboard, the account's own name. NIST SP 800-63B asks for exactly this
comparison, and for no rules about kinds of characters. `common_passwords.txt` was written for
Strand: the words, names, teams and keyboard runs that the well-known lists are made of.
"""

from collections.abc import Iterator, Set
from itertools import pairwise
from pathlib import Path

FEWEST_CHARACTERS = 5
SHORTEST_WORD = 3
COMMON = frozenset(
    Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split()
)
FIGURES_FOR_LETTERS = (
    str.maketrans("0134578@$!+", "oleastbasit"),
    str.maketrans("0134578@$!+", "oieastbaslt"),
)
NO_LETTERS = "0123456789"
MOST_WORDS = 2
SHORT_NUMBER = 4
# Small words that turn a common word into a sentence without making it harder to guess.
SMALL_WORDS = frozenset(
    (
        *("i", "a", "u", "my", "me", "is", "am", "are", "the", "and", "of", "to", "in", "on"),
        *("it", "we", "you", "your", "our", "for", "his", "her", "this", "that", "be", "so"),
        *("no", "not", "with", "name", "one", "two", "ich", "du", "er", "sie", "es", "wir"),
        *("mein", "meine", "dein", "ist", "bin", "und", "der", "die", "das", "ein", "eine"),
        *("mi", "mon", "ma", "le", "la", "les", "el", "de", "et", "y", "tu", "te"),
    )
)
UNSHIFTED = str.maketrans("!@#$%^&*()_+", "1234567890-=")
# The keys of each row, and the row's offset in half keys.
KEYBOARDS = (
    (("1234567890-=", 0), ("qwertyuiop[]", 1), ("asdfghjkl;'", 2), ("zxcvbnm,./", 3)),
    (
        ("1234567890\N{LATIN SMALL LETTER SHARP S}", 0),
        ("qwertzuiop", 1),
        ("asdfghjkl", 2),
        ("yxcvbnm,.-", 3),
    ),
)
# The share of steps between neighbouring keys that makes a text a walk across the keyboard.
WALKED = 0.75


def _neighbours() -> dict[str, str]:
    """Map each key to those beside, above and below it, and to itself."""
    found: dict[str, str] = {}
    for keyboard in KEYBOARDS:
        places = {
            key: (2 * column + begins, row)
            for row, (keys, begins) in enumerate(keyboard)
            for column, key in enumerate(keys)
        }
        for key, (at, row) in places.items():
            near = [
                other
                for other, (there, other_row) in places.items()
                if abs(at - there) <= 2 - abs(row - other_row) and abs(row - other_row) <= 1
            ]
            found[key] = found.get(key, "") + "".join(near)
    return found


NEIGHBOURS = _neighbours()


def is_easily_guessed(password: str, name: str) -> bool:
    """Whether the password is a common one with the usual disguises (digits, signs, 0 for o)."""
    text = password.casefold()
    bare = _without_signs(text)
    if len(set(text)) < FEWEST_CHARACTERS or not bare.strip(NO_LETTERS) or _is_a_run(text):
        return True
    if _is_a_walk(text.translate(UNSHIFTED)):
        return True
    own = {_without_signs(word) for word in (name.casefold(), *name.casefold().split())}
    words = COMMON | {word for word in own if len(word) >= SHORTEST_WORD}
    return any(_is_a_phrase_of(words, spelling) for spelling in _spellings(text))


def _spellings(text: str) -> Iterator[str]:
    """The text without signs, without digits at its ends, and with letters for digits."""
    yield _without_signs(text)
    yield _without_signs(text).strip(NO_LETTERS)
    for letters in FIGURES_FOR_LETTERS:
        end = len(text.rstrip(NO_LETTERS + "!@$+#%&*?._- "))
        yield _without_signs(text[:end].translate(letters))
        yield _without_signs(text[:end].lstrip(NO_LETTERS).translate(letters))


def _is_a_phrase_of(words: Set[str], text: str) -> bool:
    """Whether a text is at most two of the words, joined by small words and short numbers."""
    fewest = [0]
    longest = max(map(len, words))
    for end in range(1, len(text) + 1):
        best = MOST_WORDS + 1
        for start in range(max(0, end - longest), end):
            part = text[start:end]
            if part in SMALL_WORDS or (part.isdecimal() and len(part) <= SHORT_NUMBER):
                best = min(best, fewest[start])
            elif len(part) >= SHORTEST_WORD and part in words:
                best = min(best, fewest[start] + 1)
        fewest.append(best)
    return bool(text) and fewest[-1] <= MOST_WORDS


def _is_a_walk(text: str) -> bool:
    """Whether most steps go to a neighbouring key, on an English or a German keyboard."""
    steps = [later in NEIGHBOURS.get(earlier, "") for earlier, later in pairwise(text)]
    return sum(steps) >= WALKED * len(steps)


def _without_signs(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_a_run(text: str) -> bool:
    """Whether the characters only count up or down, or repeat one short word."""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    halves = any(text == text[:size] * (len(text) // size) for size in range(1, 7))
    return len(steps) == 1 or halves
