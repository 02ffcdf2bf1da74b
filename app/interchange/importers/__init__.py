"""Bring in what was logged elsewhere: one module a format."""
