"""Whether a text is a number or code of some kind: its shape, its check digit, its date, and the formula that tells.

The kinds and where their check digits come from: 统一社会信用代码 GB 32100, 身份证号 GB 11643, the number of a bank card
ISO/IEC 7812 (Luhn). An account is held against that only where it is the number of a card (16 or 19 digits that begin
with 62): those of units have no check digit that holds for all banks. Any other pattern is written as it looks: ``#`` is a
digit, ``@`` a letter, ``?`` any character, ``*`` at the end whatever follows, everything else itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_LAST = "0123456789X"
_CENTURIES = ("19", "20")
_ACCOUNT = (8, 30)
_LANDLINE = (7, 18)
_WITH_AREA = 10
_CARD = 19
LONGEST = 60
"""The most characters of a pattern."""


class Kind(Struct, frozen=True):
    """A kind of number or code.

    ``holds`` tells whether a text is one, ``formula`` makes the condition on the text of a formula: TRUE where it is one,
    never an error. ``wanted`` says what it looks like.
    """

    wanted: str
    holds: Callable[[str], bool]
    formula: Callable[[str], str]


def fits(text: str, pattern: str) -> bool:
    """Tell whether a text is of a named kind, or looks as a free pattern."""
    kind = KINDS.get(pattern)
    return kind.holds(text) if kind is not None else _looks_like(text, pattern)


def formula(text: str, pattern: str) -> str:
    """Return the condition of ``fits`` on the text of a formula."""
    kind = KINDS.get(pattern)
    return kind.formula(text) if kind is not None else _free(text, pattern)


def wanted(pattern: str) -> str:
    """Return what a text has to look like, in an officer's words."""
    kind = KINDS.get(pattern)
    if kind is not None:
        return kind.wanted
    signs = {"#": "# 是数字", "@": "@ 是字母", "?": "? 是任意一个字", "*": "* 是任意内容"}
    said = "，".join(text for sign, text in signs.items() if sign in pattern)
    return f"写成 {pattern} 的样子" + (f"（{said}）" if said else "")


def wrong(pattern: str) -> str:
    """Return what is wrong with a free pattern, "" where nothing is."""
    if pattern in KINDS:
        return ""
    if len(pattern) > LONGEST:
        return f"超过 {LONGEST} 个字"
    if "*" in pattern[:-1]:
        return "* 只能写在最后"
    if not set(pattern) & {"#", "@", "?"}:
        return f"既不是现成的一种（{'、'.join(KINDS)}），里面也没有 #、@ 或 ?"
    return ""


# -- free patterns ----------------------------------------------------------------------------------------------------

_CLASSES: Mapping[str, str] = {"#": DIGITS, "@": _LETTERS}


def _looks_like(text: str, pattern: str) -> bool:
    signs = pattern.removesuffix("*")
    if len(text) < len(signs) or (len(text) > len(signs) and signs == pattern):
        return False
    return all(
        sign == "?" or (typed.upper() in _CLASSES[sign] if sign in _CLASSES else typed.upper() == sign.upper())
        for typed, sign in zip(text, signs, strict=False)
    )


def _free(text: str, pattern: str) -> str:
    signs = pattern.removesuffix("*")
    parts = [f"LEN({text}){'=' if signs == pattern else '>='}{len(signs)}"]
    for sign, letters in _CLASSES.items():
        places = [number for number, own in enumerate(signs, 1) if own == sign]
        if places:
            parts.append(_all_of(text, places, letters))
    start = 0
    while start < len(signs):
        end = start
        while end < len(signs) and signs[end] not in {"#", "@", "?"}:
            end += 1
        if end > start:
            literal = signs[start:end].upper().replace('"', '""')
            parts.append(f'UPPER(MID({text},{start + 1},{end - start}))="{literal}"')
        start = end + 1
    return f"AND({','.join(parts)})"


def _all_of(text: str, places: list[int], letters: str) -> str:
    """Return the condition that the characters at some places are among others."""
    upper = f"UPPER({text})" if letters is not DIGITS else text
    return f'SUMPRODUCT(--ISNUMBER(FIND(MID({upper},{_array(places)},1),"{letters}")))={len(places)}'


def _all_digits(text: str, most: int) -> str:
    """Return the condition that a text of ``most`` characters at most is of digits only."""
    # Programs do not agree on where nothing is found: so nothing is looked for.
    return _all_of(f'{text}&REPT("0",{most})', list(range(1, most + 1)), DIGITS)


def _array(numbers: list[int] | tuple[int, ...] | range) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


# -- named kinds ------------------------------------------------------------------------------------------------------


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_credit_code(text: str) -> bool:
    code = text.upper()
    if len(code) != len(_CREDIT_WEIGHTS) or not set(code) <= set(_CREDIT):
        return False
    return sum(_CREDIT.index(sign) * weight for sign, weight in zip(code, _CREDIT_WEIGHTS, strict=True)) % 31 == 0


def _credit_code(text: str) -> str:
    places = _array(range(1, 19))
    total = f'SUMPRODUCT((FIND(MID(UPPER({text}),{places},1),"{_CREDIT}")-1)*{_array(_CREDIT_WEIGHTS)})'
    return f"AND(LEN({text})=18,IFERROR(MOD({total},31)=0,FALSE))"


def _is_citizen_number(text: str) -> bool:
    number = text.upper()
    if len(number) != 18 or not _digits(number[:17]) or number[17] not in _CITIZEN_LAST:
        return False
    total = sum(int(sign) * weight for sign, weight in zip(number, _CITIZEN_WEIGHTS, strict=False))
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return number[6:8] in _CENTURIES and (total + _CITIZEN_LAST.index(number[17])) % 11 == 1


def _citizen_number(text: str) -> str:
    total = f'SUMPRODUCT((FIND(MID({text},{_array(range(1, 18))},1),"{DIGITS}")-1)*{_array(_CITIZEN_WEIGHTS)})'
    last = f'FIND(RIGHT(UPPER({text}),1),"{_CITIZEN_LAST}")-1'
    day = f"DATE(MID({text},7,4),MID({text},11,2),MID({text},13,2))"
    born = f"MONTH({day})=MID({text},11,2)+0,DAY({day})=MID({text},13,2)+0"
    century = ",".join(f'MID({text},7,2)="{one}"' for one in _CENTURIES)
    return f"AND(LEN({text})=18,IFERROR(AND(OR({century}),{born},MOD({total}+{last},11)=1),FALSE))"


def _is_mobile(text: str) -> bool:
    return len(text) == 11 and _digits(text) and text[0] == "1" and text[1] in "3456789"


def _mobile(text: str) -> str:
    begins = f'LEFT({text},1)="1",ISNUMBER(FIND(MID({text},2,1),"3456789"))'
    return f"AND(LEN({text})=11,{begins},{_all_of(text, list(range(1, 12)), DIGITS)})"


_BETWEEN = ("-", " ", "(", ")", "（", "）")


def _bare(text: str, signs: tuple[str, ...] = _BETWEEN) -> str:
    for sign in signs:
        text = text.replace(sign, "")
    return text


def _stripped(text: str, signs: tuple[str, ...] = _BETWEEN) -> str:
    for sign in signs:
        text = f'SUBSTITUTE({text},"{sign}","")'
    return text


def _is_landline(text: str) -> bool:
    number, (least, most) = _bare(text), _LANDLINE
    if not (_digits(number) and least <= len(number) <= most):
        return False
    return len(number) >= _WITH_AREA if number[0] == "0" else number[0] != "1"


def _landline(text: str) -> str:
    number, (least, most) = _stripped(text), _LANDLINE
    begins = f'IF(LEFT({number},1)="0",LEN({number})>={_WITH_AREA},LEFT({number},1)<>"1")'
    figures = _all_digits(number, most)
    return f"AND(LEN({number})>={least},LEN({number})<={most},{begins},{figures})"


def _is_telephone(text: str) -> bool:
    return _is_mobile(text) or _is_landline(text)


def _telephone(text: str) -> str:
    return f"OR({_mobile(text)},{_landline(text)})"


_NOT_IN_MAIL = (" ", ",", ";", "，", "。", "；", "、", "＠")


def _is_mail(text: str) -> bool:
    name, at, host = text.partition("@")
    if not (name and at and host) or "@" in host or any(sign in text for sign in _NOT_IN_MAIL):
        return False
    return "." in host[1:-1] and not text.endswith(".") and ".." not in text


def _mail(text: str) -> str:
    once = f'LEN({text})-LEN(SUBSTITUTE({text},"@",""))=1,LEFT({text},1)<>"@"'
    point = f'ISNUMBER(FIND(".",{text},FIND("@",{text})+2)),RIGHT({text},1)<>"."'
    others = ",".join(f'"{sign}"' for sign in (*_NOT_IN_MAIL, ".."))
    clean = f"SUMPRODUCT(--ISNUMBER(FIND({{{others}}},{text})))=0"
    return f"IFERROR(AND({once},{point},{clean}),FALSE)"


def _is_postcode(text: str) -> bool:
    return len(text) == 6 and _digits(text)


def _postcode(text: str) -> str:
    return f"AND(LEN({text})=6,{_all_of(text, list(range(1, 7)), DIGITS)})"


def _is_account(text: str) -> bool:
    number, (least, most) = _bare(text, ("-", " ")), _ACCOUNT
    if not (_digits(number) and least <= len(number) <= most):
        return False
    return _luhn(number) if number.startswith("62") and len(number) in {16, _CARD} else True


def _luhn(number: str) -> bool:
    doubled = [int(sign) * 2 for sign in number[-2::-2]]
    return (sum(map(int, number[::-2])) + sum(digit - 9 * (digit > 9) for digit in doubled)) % 10 == 0


def _account(text: str) -> str:
    number, (least, most) = _stripped(text, ("-", " ")), _ACCOUNT
    card = f'RIGHT("000"&{number},{_CARD})'
    plain = f"SUMPRODUCT(MID({card},{_array(range(1, 20, 2))},1)+0)"
    every_second = f"MID({card},{_array(range(2, 20, 2))},1)"
    luhn = f'IFERROR(MOD({plain}+SUMPRODUCT({every_second}*2-9*({every_second}>"4")),10)=0,FALSE)'
    is_card = f'AND(LEFT({number},2)="62",OR(LEN({number})=16,LEN({number})={_CARD}))'
    figures = _all_digits(number, most)
    return f"AND(LEN({number})>={least},LEN({number})<={most},{figures},IF({is_card},{luhn},TRUE))"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "统一社会信用代码": Kind("是 18 位的统一社会信用代码，校验码相符", _is_credit_code, _credit_code),
        "身份证号": Kind("是 18 位的身份证号，出生日期存在，校验码相符", _is_citizen_number, _citizen_number),
        "手机": Kind("是 11 位的手机号码", _is_mobile, _mobile),
        "座机": Kind("是座机号码，如 0731-82220000，可以带分机号", _is_landline, _landline),
        "电话": Kind("是手机或座机号码", _is_telephone, _telephone),
        "邮箱": Kind("是电子邮箱地址，如 name@example.com", _is_mail, _mail),
        "邮编": Kind("是 6 位的邮政编码", _is_postcode, _postcode),
        "银行账号": Kind("是 8 到 30 位数字的银行账号，银行卡号的校验码相符", _is_account, _account),
    }
)
"""The kinds that have a name."""
