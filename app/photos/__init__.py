"""Photo files: decoding, cleaning, storing."""
