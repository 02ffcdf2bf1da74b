"""The settings, one module a resource."""
