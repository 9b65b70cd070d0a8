"""The file policy.yaml: reading, structure, references, conditions, texts, schema, errors."""
