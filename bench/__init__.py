"""What Strand costs, measured beside the bare framework and the bare database."""
