"""Settings and reference pages."""
