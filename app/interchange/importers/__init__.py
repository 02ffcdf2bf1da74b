"""Read what was logged elsewhere: one module a format, which makes an `ImportedLog`."""
