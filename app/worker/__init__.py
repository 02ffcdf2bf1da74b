"""The regular work beside the pages: the jobs, and a loop that runs those that are due."""
