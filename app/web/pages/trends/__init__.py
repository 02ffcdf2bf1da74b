"""Trend pages as values: figures, charts, marks and tables of a span."""
