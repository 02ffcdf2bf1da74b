"""Photos by view and by set."""
