"""The decision diagram: compile a policy, evaluate a case, find counterfactuals, cover cases."""
