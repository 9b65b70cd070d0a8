"""Answers of customers: the kinds of answer, and how each is read."""
