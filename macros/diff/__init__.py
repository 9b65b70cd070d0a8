"""What a change of the policy does: to customers' cases, to the texts, and to links that were shared."""
