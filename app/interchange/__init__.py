"""Data out and in: CSV, zip and importers."""
