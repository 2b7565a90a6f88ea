"""Numbers as the officer sees them: a field of words may come back as a number that only its format explains."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, localcontext

from perfxl.values.dates import serial_date
from perfxl.values.number_format import NumberFormat, number_format

_SECONDS_A_DAY = 86_400


def plain(number: Decimal) -> str:
    """Return a number in digits: no exponent, no zeros behind the point: 1E+2 → ``100``, 6.50 → ``6.5``."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def rounded(number: Decimal, places: int) -> Decimal:
    """Return a number rounded half up to decimal places, without zeros behind; unchanged where it has no more."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return number
    with localcontext() as context:
        context.prec = max(28, number.adjusted() + places + 2)
        return Decimal(plain(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)))


def shown(number: Decimal, code: str) -> str:
    """Return the text that a number cell stands for: 0.95 in ``0%`` → 95%, 560 in ``0"个"`` → 560个, dates in words.

    The number is not cut to the decimals that the format shows, but a percentage keeps four at most, as its fraction
    keeps six. Words beside a scaled number (``0.0,"万"``) are left out: they are not about the number itself.
    """
    read = number_format(code)
    if read.date or read.time:
        return _moment(number, read) or plain(number)
    digits = plain(rounded(number * 100, 4)) + "%" if read.percent else plain(number)
    if read.scale:
        return digits
    if read.zeros > 1 and digits.isdigit():
        digits = digits.zfill(read.zeros)  # codes: 430 in 000000
    # a negative number has its own section, or its sign in front of the words
    return f"{read.prefix if number >= 0 else ''}{digits}{read.suffix}".strip()


def _moment(number: Decimal, read: NumberFormat) -> str:
    """Return a date or time in Chinese words, of the parts that its format shows; "" where there is no such day."""
    if not read.date:
        if not 0 <= number < 100_000:
            return ""
        minutes, seconds = divmod(int(rounded(number * _SECONDS_A_DAY, 0)), 60)
        clock = f"{minutes // 60}:{minutes % 60:02}"
        return f"{clock}:{seconds:02}" if seconds else clock
    day = serial_date(number)
    return _date_words(day, read) if day else ""


def _date_words(day: dt.date, read: NumberFormat) -> str:
    parts = ((read.year, f"{day.year}年"), (read.month, f"{day.month}月"), (read.day, f"{day.day}日"))
    return "".join(words for shows, words in parts if shows)
