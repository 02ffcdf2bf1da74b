"""The regular work beside the pages: what to do, and a loop that asks what is due."""
