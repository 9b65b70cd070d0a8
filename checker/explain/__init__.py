"""A verdict in words: the headline and its day card, the tasks, the timeline, the explanation of it all."""
