"""Blood pressure, pulse and weight."""
