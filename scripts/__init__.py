"""The scripts behind `make`: set up, check, test, lock."""
