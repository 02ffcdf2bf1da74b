"""The regimen: items, daily totals, pairs to keep apart, other medicines, the lab list."""
