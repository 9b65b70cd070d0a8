"""Answers of customers: the kinds of answer, and the parser of raw answers."""
