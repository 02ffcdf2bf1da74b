"""Measure what Strand costs, beside the bare framework and the bare database."""
