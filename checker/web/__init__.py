"""The checker API of the browser: JSON in, JSON out."""
