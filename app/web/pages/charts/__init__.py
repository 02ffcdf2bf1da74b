"""Geometry shared by all charts: axes, marks, series."""
