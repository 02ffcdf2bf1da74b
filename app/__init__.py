"""Strand: a private, self-hosted regimen log."""

__version__ = "0.1.0"
