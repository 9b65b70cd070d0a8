"""The report of a difference: its sections, its wording (wording.toml) and its formats."""
