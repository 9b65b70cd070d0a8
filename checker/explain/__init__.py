"""A verdict in words: the headline and its leaf, the tasks, the timeline, the explanation of it all."""
