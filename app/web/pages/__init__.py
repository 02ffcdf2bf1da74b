"""Pages as values with words and URLs; nothing is decided here."""
