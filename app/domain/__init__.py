"""The rules of the regimen: pure functions over plain values; no clock, no database."""
