"""One item: its doses, history, expected course, contents and cost."""
