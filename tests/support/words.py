"""Compare words as they read: what does not break on a page reads like what does."""

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    """A text with plain spaces between its numbers and units."""
    return text.replace(NO_BREAK_SPACE, " ")
