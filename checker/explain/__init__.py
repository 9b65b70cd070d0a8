"""A verdict in words: the explanation, the decision table, the timeline and its drawing."""
