"""The file policy.yaml: reader, structure, checks, figures in texts, holidays, formatter, JSON Schema, errors."""
