"""A policy as a whole: loading with all checks, proof, worked examples, redundancy."""
