"""The licences of all software that a site brings to a customer's browser: `licenses.txt` on every site."""

from macros.site.licenses.licenses import FILE, Part, parts, write_licenses

__all__ = ["FILE", "Part", "parts", "write_licenses"]
