"""The settings, one module per resource."""
