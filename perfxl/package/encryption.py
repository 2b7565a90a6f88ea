"""Files that are enciphered with the password that Excel itself uses where nobody has set one to open them.

Who protects a workbook's structure may get such a file: every program opens it without asking ([MS-OFFCRYPTO] 2.4.2.3).
A file with a password of its own stays closed. Ciphers other than AES and RC4 were never used for this.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Final, TypeAlias

from perfxl.package.aes import BLOCK, Decipher
from perfxl.package.limits import Limits
from perfxl.package.ole import SIGNATURE, Compound
from perfxl.package.scan import scan, whole
from perfxl.package.unreadable import Unreadable, UnreadableReason

_PASSWORD: Final = "VelvetSweatshop".encode("utf-16-le")
_INFO, _PACKAGE = "EncryptionInfo", "EncryptedPackage"
_AGILE, _STANDARD = 4, 2
_STANDARD_SPINS = 50_000
_MOST_SPINS = 1_000_000
_SEGMENT = 4096
_EXPORTED = 5
"""Bytes of a key that was allowed to leave America: it is filled up."""
_OBFUSCATED: Final = bytes.fromhex("59b30a9a")
_MASK: Final = bytes.fromhex("876b9ae21ee305621e699660986e9404")
"""What the password makes of the key, and of the mask over the records (2.3.7.1, 2.3.7.2)."""
_TURNED: Final = bytes((byte >> 5 | byte << 3) & 255 for byte in range(256))
_RC4_BLOCK = 1024
_HASHES: Final = {"SHA1": "sha1", "SHA-1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}
_VERIFIER: Final = bytes.fromhex("fea7d2763b4b9e79")
_VERIFIER_HASH: Final = bytes.fromhex("d7aa0f6d3061344e")
_KEY: Final = bytes.fromhex("146e0be7abacd0d6")
"""What the parts of an agile key are derived with ([MS-OFFCRYPTO] 2.3.4.11, 2.3.4.13)."""
RecordCipher: TypeAlias = Callable[[int, bytes], bytes]
"""Takes the place of a record's body in the stream, and the body; gives the body deciphered."""
_ODD: Final = (struct.error, ValueError, LookupError)


def unlocked(data: bytes, limits: Limits) -> bytes:
    """Return the package inside an enciphered file, any other file as it is.

    Raises Unreadable: encrypted, where it has a password of its own.
    """
    if not data.startswith(SIGNATURE):
        return data
    compound = Compound(data)
    if _INFO not in compound and _PACKAGE not in compound:
        return data
    info, package = compound.stream(_INFO), compound.stream(_PACKAGE)
    size = int.from_bytes(package[:8], "little")
    try:
        minor = int.from_bytes(info[2:4], "little")
        opened = _agile(info, package, limits) if minor == _AGILE else _standard(info, package)
    except _ODD as error:
        raise _closed() from error
    if opened is None:
        raise _closed()
    return opened[:size]


def _closed() -> Unreadable:
    return Unreadable(UnreadableReason.ENCRYPTED, "文件已加密")


# -- standard: AES, each block by itself ------------------------------------------------------------------------------


def _standard(info: bytes, package: bytes) -> bytes | None:
    """Return what is in a package of the standard way, None where the password does not open it (2.3.4.5-9)."""
    key_size, salt, verifier = _header(info[4:])
    hashed = _spun("sha1", hashlib.sha1(salt + _PASSWORD).digest(), _STANDARD_SPINS)  # noqa: S324 - the format's own
    derived = hashlib.sha1(hashed + bytes(4)).digest()  # noqa: S324 - likewise
    halves = (
        hashlib.sha1(bytes(a ^ b for a, b in zip(derived.ljust(64, b"\0"), [pad] * 64, strict=True))).digest()  # noqa: S324
        for pad in (0x36, 0x5C)
    )
    decipher = Decipher(b"".join(halves)[: key_size // 8])
    if not _verifies("sha1", decipher.each(verifier[:16]), decipher.each(verifier[20:52])):
        return None
    return decipher.each(package[8:])


def _header(info: bytes) -> tuple[int, bytes, bytes]:
    """Return the size of a key in bits, the salt, and the verifier with its hash: of packages and of old workbooks."""
    (size,) = struct.unpack_from("<I", info, 4)
    (key_size,) = struct.unpack_from("<I", info, 8 + 16)
    start = 8 + size
    (salt_size,) = struct.unpack_from("<I", info, start)
    behind = start + 4 + salt_size
    return key_size, info[start + 4 : behind], info[behind:]


def _spun(name: str, hashed: bytes, count: int) -> bytes:
    for number in range(count):
        hashed = hashlib.new(name, number.to_bytes(4, "little") + hashed).digest()
    return hashed


def _verifies(name: str, verifier: bytes, expected: bytes) -> bool:
    found = hashlib.new(name, verifier).digest()
    return len(expected) >= len(found) and expected[: len(found)] == found


# -- agile: AES, chained in segments ----------------------------------------------------------------------------------


def _agile(info: bytes, package: bytes, limits: Limits) -> bytes | None:
    """Return what is in a package of the agile way, None where the password does not open it (2.3.4.10-15)."""
    said = _descriptor(info[8:], limits)
    data, key = said["keyData"], said["encryptedKey"]
    if any(one.get("cipherAlgorithm") != "AES" or "CBC" not in one.get("cipherChaining", "") for one in (data, key)):
        return None
    name, spins = _HASHES[key.get("hashAlgorithm", "")], whole(key.get("spinCount"), _MOST_SPINS + 1)
    if spins > _MOST_SPINS:
        return None
    salt = base64.b64decode(key["saltValue"])
    hashed = _spun(name, hashlib.new(name, salt + _PASSWORD).digest(), spins)
    size = whole(key.get("keyBits"), 0) // 8

    def part(purpose: bytes, value: str) -> bytes:
        derived = hashlib.new(name, hashed + purpose).digest()
        return Decipher(_sized(derived, size)).chained(base64.b64decode(key[value]), _sized(salt, BLOCK))

    verifier = part(_VERIFIER, "encryptedVerifierHashInput")[: whole(key.get("saltSize"), 0)]
    if not _verifies(name, verifier, part(_VERIFIER_HASH, "encryptedVerifierHashValue")):
        return None
    decipher = Decipher(part(_KEY, "encryptedKeyValue")[: whole(data.get("keyBits"), 0) // 8])
    return b"".join(_segments(decipher, package[8:], data))


def _segments(decipher: Decipher, package: bytes, data: Mapping[str, str]) -> Iterator[bytes]:
    name, salt = _HASHES[data.get("hashAlgorithm", "")], base64.b64decode(data["saltValue"])
    for number, at in enumerate(range(0, len(package), _SEGMENT)):
        start = hashlib.new(name, salt + number.to_bytes(4, "little")).digest()
        yield decipher.chained(package[at : at + _SEGMENT], _sized(start, BLOCK))


def _descriptor(xml: bytes, limits: Limits) -> dict[str, dict[str, str]]:
    """Return the attributes of the elements that say how a package is enciphered. Raises ValueError where it is no XML."""
    said: dict[str, dict[str, str]] = {}

    def opened(_: int, name: str, attributes: Mapping[str, str]) -> None:
        said.setdefault(name, dict(attributes))

    try:
        scan(xml, limits, opened)
    except Unreadable as problem:
        raise ValueError(problem.detail) from problem
    return said


def _sized(value: bytes, size: int) -> bytes:
    return value[:size].ljust(size, b"\x36")


# -- old workbooks: RC4, and before it a mere obfuscation -------------------------------------------------------------


def record_cipher(filepass: bytes, size: int) -> RecordCipher | None:
    """Return how the records of an old workbook's stream of so many bytes are deciphered.

    ``filepass`` is the body of the record that says it ([MS-XLS] 2.4.117). None where the password does not open it.
    """
    if filepass[-4:] == _OBFUSCATED and len(filepass) <= 6:
        return _unobfuscated
    kind, major, minor = struct.unpack_from("<HHH", filepass.ljust(6, b"\0"))
    if kind != 1:
        return None
    try:
        keys = _rc4_keys(filepass[6:]) if major == minor == 1 else _crypto_api_keys(filepass[6:])
    except _ODD:
        return None
    if keys is None:
        return None
    stream = b"".join(rc4(key, bytes(_RC4_BLOCK)) for key, _ in zip(keys, range(0, size, _RC4_BLOCK), strict=False))
    return lambda start, body: _xored(body, stream[start : start + len(body)])


def _rc4_keys(said: bytes) -> Iterator[bytes] | None:
    """Return the keys for the blocks of a stream, one after the other, None where the password is another."""
    salt, verifier, expected = said[:16], said[16:32], said[32:48]
    hashed = hashlib.md5(_PASSWORD).digest()[:5]  # noqa: S324 - the format's own
    hashed = hashlib.md5((hashed + salt) * 16).digest()[:5]  # noqa: S324 - likewise
    return _checked("md5", hashed, 16, verifier, expected)


def _crypto_api_keys(said: bytes) -> Iterator[bytes] | None:
    key_size, salt, rest = _header(said)
    hashed = hashlib.sha1(salt + _PASSWORD).digest()  # noqa: S324 - the format's own
    return _checked("sha1", hashed, (key_size or 40) // 8, rest[:16], rest[20:40])


def _checked(name: str, hashed: bytes, size: int, verifier: bytes, expected: bytes) -> Iterator[bytes] | None:
    def key(number: int) -> bytes:
        derived = hashlib.new(name, hashed + number.to_bytes(4, "little")).digest()[:size]
        return derived.ljust(16, b"\0") if size == _EXPORTED else derived

    both = rc4(key(0), verifier + expected)
    return map(key, count()) if _verifies(name, both[:16], both[16:]) else None


def rc4(key: bytes, data: bytes) -> bytes:
    """Return data enciphered, or deciphered, with RC4."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    stream = bytearray(len(data))
    for place in range(len(data)):
        i = (i + 1) & 255
        a = state[i]
        j = (j + a) & 255
        b = state[j]
        state[i], state[j] = b, a
        stream[place] = state[(a + b) & 255]
    return _xored(data, stream)


def _unobfuscated(start: int, body: bytes) -> bytes:
    """Return the body of a record at a place of the stream (2.3.7.3): a byte is turned by three bits after the mask."""
    turn = (start + len(body)) % len(_MASK)
    mask = (_MASK[turn:] + _MASK[:turn]) * (len(body) // len(_MASK) + 1)
    return _xored(body, mask[: len(body)]).translate(_TURNED)


def _xored(data: bytes, mask: bytes | bytearray) -> bytes:
    return (int.from_bytes(data) ^ int.from_bytes(mask)).to_bytes(len(data))
