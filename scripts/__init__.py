"""What `make` calls: set up, check, test, lock."""
