"""The code that browsers run: the bundle, and the snapshot from which the checker starts."""
