"""From the address to a verdict: how long our page takes, beside others on the same machine."""


# The browsers and the server of the tests, by the names that the tests use.
