"""The request that a customer takes along: letter, pictures, archive, calendar entry."""
