"""The whole application in a real browser: what a person sees, taps and types."""
