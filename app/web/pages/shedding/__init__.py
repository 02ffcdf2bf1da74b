"""Hair counts: the form, the chart and the comparison."""
