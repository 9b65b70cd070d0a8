"""Currencies beside typed amounts. They are labels: a policy has one currency, and no amount is converted."""

from __future__ import annotations

import re
import unicodedata

_ABBREVIATIONS = "din fr ft kr kč kn lei lv rm rp rs s/ tl zł ден дин лв р руб сом 元 円 圆 圓 원"
_CODE_LIST = (
    "aed afn all amd aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf clp "
    "cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl htg huf "
    "idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd "
    "mmk mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub "
    "rwf sar sbd scr sdg sek sgd shp sle sos srd ssp stn syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyu "
    "uzs ves vnd vuv wst xaf xcd xof xpf yer zar zmw"
)
"""The currencies in use, by ISO 4217."""
_CODES = frozenset(_CODE_LIST.split())
_NAMES = _CODES | {*_ABBREVIATIONS.split()}
_AROUND_SIGN = re.compile(r" ?[A-Za-z]{0,3}\.? ?")


def is_currency(text: str) -> bool:
    """Whether it is a sign, with up to three letters beside it as in US$, a code or an abbreviation."""
    letters = "".join(sign for sign in text if not _is_sign(sign))
    if len(letters) == len(text) - 1:
        return _AROUND_SIGN.fullmatch(letters) is not None
    return text.removesuffix(".").casefold() in _NAMES


def differ(one: str, other: str) -> bool:
    """Whether two texts that are currencies cannot be the same one: two codes, or two signs as £ and US$ are."""
    one, other = one.casefold(), other.casefold()
    if {one, other} <= _CODES:
        return one != other
    has_signs = all(any(map(_is_sign, text)) for text in (one, other))
    return has_signs and not (one.endswith(other) or other.endswith(one))


def _is_sign(sign: str) -> bool:
    return unicodedata.category(sign) == "Sc"
