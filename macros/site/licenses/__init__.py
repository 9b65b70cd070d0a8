"""The licences of all third-party software that a site sends to browsers: `licenses.txt` on every site."""

from macros.site.licenses.licenses import LICENSES, Part, parts, write_licenses

__all__ = ["LICENSES", "Part", "parts", "write_licenses"]
