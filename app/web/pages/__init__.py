"""Pages as values with words and URLs; no rule is decided here."""
