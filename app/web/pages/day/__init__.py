"""A day: doses, as-needed items, check-in, notes, and the month around it."""
