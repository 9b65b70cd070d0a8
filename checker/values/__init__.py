"""Dates, durations, amounts and estimates."""
