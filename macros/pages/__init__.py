"""A policy as Markdown and HTML: the macros of the pages, and their templates."""
