"""The foundations of the tests: databases, people, a clock, a browser."""
