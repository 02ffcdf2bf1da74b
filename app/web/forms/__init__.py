"""Forms: read them into pydantic models, and show them again with what was typed."""
