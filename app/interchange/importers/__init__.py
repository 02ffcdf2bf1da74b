"""Read logs of other apps: one module per format, which makes an `ImportedLog`."""
