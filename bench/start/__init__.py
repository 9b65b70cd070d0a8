"""The time from the address to a verdict: our page beside others on the same machine."""
