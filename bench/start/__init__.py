"""From the address to a verdict: how long our page takes, beside others on the same machine."""

import sys

from macros.project import ROOT

# The browsers and the server of the tests, by the names that the tests use.
sys.path.append(str(ROOT / "tests"))
