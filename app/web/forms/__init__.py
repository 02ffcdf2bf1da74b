"""Read forms into pydantic models, and show them again with what was typed."""
