"""Many cases at once: files, replays and Spark, decided over Arrow columns by the same diagrams."""
