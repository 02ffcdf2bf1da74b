"""Tell which passwords are guessed first.

Whoever guesses begins with lists of what many people choose, and with the ways in which
people dress it up: digits and signs around it, figures for letters, the word twice, two
such words together, their own name. NIST SP 800-63B asks for exactly this comparison, and
for no rules about kinds of characters. `common_passwords.txt` is of our own making: words,
names, teams and runs over the keyboard that the well-known lists are made of.
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


def is_guessed_first(password: str, name: str) -> bool:
    """Whether a list of common passwords, dressed up as people do it, comes to this one soon."""
    text = password.casefold()
    bare = _without_signs(text)
    if len(set(text)) < FEWEST_CHARACTERS or not bare.strip(NO_LETTERS) or _is_a_run(text):
        return True
    own = {_without_signs(word) for word in (name.casefold(), *name.casefold().split())}
    words = COMMON | {word for word in own if len(word) >= SHORTEST_WORD}
    return any(_is_one_or_two_of(words, spelling) for spelling in _spellings(text))


def _spellings(text: str) -> Iterator[str]:
    """The text without its signs; without digits at its ends; with letters for figures."""
    yield _without_signs(text)
    yield _without_signs(text).strip(NO_LETTERS)
    for letters in FIGURES_FOR_LETTERS:
        end = len(text.rstrip(NO_LETTERS + "!@$+#%&*?._- "))
        yield _without_signs(text[:end].translate(letters))
        yield _without_signs(text[:end].lstrip(NO_LETTERS).translate(letters))


def _is_one_or_two_of(words: Set[str], text: str) -> bool:
    """Whether a text is one of the words, or two of them in a row."""
    cuts = range(SHORTEST_WORD, len(text) - SHORTEST_WORD + 1)
    return text in words or any(text[:cut] in words and text[cut:] in words for cut in cuts)


def _without_signs(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_a_run(text: str) -> bool:
    """Whether the characters only count up or down, or repeat one short word."""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    halves = any(text == text[:size] * (len(text) // size) for size in range(1, 7))
    return len(steps) == 1 or halves
