"""Everything around the pages: security policy, hosting, offline cache, provenance, verification."""
