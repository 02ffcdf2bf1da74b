"""What the tests stand on: databases, people, a clock, a browser."""
