"""Calls on signers, timed or not, and on the functions beneath them."""

from collections.abc import Iterator
from typing import Any

from itsdangerous_calls import LAST_SECOND, NOW_SECONDS, Case, case, describe, tampered, to_base64


def signer_cases(sign) -> Iterator[Case]:
    """Every case. `sign` makes what is described and calls one of its methods."""
    yield from _encodings()
    yield from _signatures()
    yield from _refused_options()
    yield from _unsigning(sign)
    yield from _timestamps(sign)


def _encodings() -> Iterator[Case]:
    module = {"class": "module"}
    texts = ["", "a", "ab", "abc", "abcd", "\u00e9", "\U0001f600", "\x00", "???>>>"]
    for text in texts:
        yield case(f"encode-text-{text!a}", module, "base64_encode", text)
    for data in (b"", b"\x00", b"\xff\xfe", b"\xfb\xff\xbf", bytes(range(256))):
        yield case(f"encode-bytes-{data[:4].hex()}", module, "base64_encode", data)
    encoded = ["", "YQ", "YQ==", "YQ=", "YWI", "YWJj", "Y", "YWJjZ", "-_-_", "+/+/", "Y Q", "Y\nQ"]
    encoded += ["YQ==YQ==", "=YQ", "Y=Q=", "==", "====", "Y!Q", "YR", "YWK", "Y\u00e9Q", "YQ\u00e9"]
    encoded += ["YW!J", "!!!!", "A===", "AA=A", "AA=A=", "AAA=A", "AA==A", "A=A=A=A=", "YQ%3D%3D"]
    for text in encoded:
        yield case(f"decode-text-{text!a}", module, "base64_decode", text)
        yield case(f"decode-bytes-{text!a}", module, "base64_decode", text.encode())
    yield case("decode-bytes-high", module, "base64_decode", b"YQ\xff\xfe")
    for value in ("", "\u00e9", "\U0001f600", b"", b"\xff\x00", "\ud800"):
        yield case(f"want-bytes-{value!a}", module, "want_bytes", value)


DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")


def _signatures() -> Iterator[Case]:
    for derivation in ("hmac", "django-concat", "concat", "none"):
        for digest in DIGESTS:
            of = describe("Signer", key_derivation=derivation, digest_method=digest)
            yield case(f"sign-{derivation}-{digest}", of, "sign", "value")
        of = describe("Signer", "k\u00e9y", key_derivation=derivation, salt="sp\u00e9cial")
        yield case(f"derive-key-{derivation}", of, "derive_key")
        yield case(f"signature-{derivation}", of, "get_signature", "value")
    of = describe("Signer", salt="flask-session", key_derivation="hmac")
    yield case("sign-flask-session-id", of, "sign", "0b0e4ba2-6a1f-4bd2-9f0b-6d1f0c1c8d2e")

    for value in ("", ".", "a.b", "a.", ".a", "\u00e9", "\U0001f600", "a\nb", "x" * 300, "a=b; c"):
        yield case(f"sign-text-{value[:9]!a}", describe("Signer"), "sign", value)
        yield case(f"sign-bytes-{value[:9]!a}", describe("Signer"), "sign", value.encode())
    for data in (b"\xff", b"\x00", bytes(range(256))):
        yield case(f"sign-bytes-{data[:4].hex()}", describe("Signer"), "sign", data)
    yield case("sign-lone-surrogate", describe("Signer"), "sign", "\ud800")

    for salt in ("", "x", "\u00e9", b"\xff\x00", "x" * 200, None):
        yield case(f"salt-{_short(salt)}", describe("Signer", salt=salt), "sign", "value")
    for sep in (":", "|", "::", "\u00b7", "/", "ba", "a.", "\n", "-.", b"!"):
        yield case(f"sep-{_short(sep)}", describe("Signer", sep=sep), "sign", "value")
        yield case(f"sep-in-value-{_short(sep)}", describe("Signer", sep=sep), "sign", "aba:b|c.d")
    for key in ("", "k", "\u00e9", b"\xff\x00", "x" * 64, "x" * 65, "x" * 300, b"k"):
        yield case(f"key-{_short(key)}", describe("Signer", key), "sign", "value")
    for name, keys in (("one", ["a"]), ("two", ["a", "b"]), ("mixed", [b"a", "\u00e9", "c"])):
        yield case(f"keys-{name}", describe("Signer", keys), "sign", "value", since=(2, 0))
        yield case(f"keys-{name}-derive", describe("Signer", keys), "derive_key", since=(2, 0))
    of = describe("Signer", ["a", "b"])
    yield case("keys-derive-old", of, "derive_key", "a", since=(2, 0))
    yield case("algorithm-none", describe("Signer", algorithm="NoneAlgorithm"), "sign", "value")
    of = describe("Signer", algorithm="HMACAlgorithm:sha512")
    yield case("algorithm-hmac-sha512", of, "sign", "value")


def _refused_options() -> Iterator[Case]:
    for sep in ("", "a", "Z", "0", "-", "_", "=", "ab", "xyz", b"A"):
        yield case(f"refused-sep-{_short(sep)}", describe("Signer", sep=sep), "sign", "value")
    of = describe("Signer", key_derivation="pbkdf2")
    yield case("refused-derivation", of, "sign", "value")
    yield case("refused-no-keys", describe("Signer", []), "sign", "value", since=(2, 0))


def _unsigning(sign) -> Iterator[Case]:
    of = describe("Signer")
    for value in ("value", "", "a.b", "\u00e9"):
        signed = sign(of, "sign", value)
        yield case(f"unsign-{value!a}", of, "unsign", signed.decode())
        yield case(f"unsign-bytes-{value!a}", of, "unsign", signed)
        yield case(f"validate-{value!a}", of, "validate", signed.decode())
    for name, text in tampered(sign(of, "sign", "value").decode()):
        yield case(f"unsign-{name}", of, "unsign", text)
        yield case(f"validate-{name}", of, "validate", text)
    yield case("unsign-bytes-not-utf8", of, "unsign", b"\xff\xfe.\xff")
    yield case("unsign-lone-surrogate", of, "unsign", "\ud800.x")

    signed = sign(of, "sign", "value").decode()
    wrong = {"key": describe("Signer", "other"), "salt": describe("Signer", salt="other")}
    wrong["digest"] = describe("Signer", digest_method="sha256")
    wrong["derivation"] = describe("Signer", key_derivation="hmac")
    wrong["sep"] = describe("Signer", sep=":")
    for name, other in wrong.items():
        yield case(f"unsign-wrong-{name}", other, "unsign", signed)
    none = describe("Signer", algorithm="NoneAlgorithm")
    yield case("unsign-algorithm-none", none, "unsign", "value.")
    yield case("unsign-algorithm-none-signed", none, "unsign", signed)
    keys_by_name = {"old": ["secret", "new"], "new": ["old", "secret"], "gone": ["a", "b"]}
    for name, keys in keys_by_name.items():
        rotated = describe("Signer", keys)
        yield case(f"unsign-keys-{name}", rotated, "unsign", signed, since=(2, 0))
    for sep in ("::", "\u00b7"):
        other = describe("Signer", sep=sep)
        yield case(f"unsign-sep-{sep!a}", other, "unsign", sign(other, "sign", f"a{sep}b").decode())
    signature = signed.rpartition(".")[2]
    yield case("verify-right", of, "verify_signature", "value", signature)
    yield case("verify-wrong", of, "verify_signature", "valuf", signature)
    yield case("verify-bytes", of, "verify_signature", b"value", signature.encode())
    yield case("verify-empty", of, "verify_signature", "value", "")
    yield case("verify-no-base64", of, "verify_signature", "value", "A")


def _timestamps(sign) -> Iterator[Case]:
    of, plain = describe("TimestampSigner"), describe("Signer")
    for at in (0, 1, 255, 256, 1000000000, NOW_SECONDS, 2**31, 2**32, 2**40, LAST_SECOND):
        yield case(f"timed-sign-at-{at}", of, "sign", "value", at=at)
        signed = sign(of, "sign", "value", at=at).decode()
        yield case(f"timed-date-of-{at}", of, "unsign", signed, return_timestamp=True, at=at)

    signed = sign(of, "sign", "value").decode()
    for age in (-3600, -1, 0, 1, 59, 60, 61, 3600, 10**9):
        for max_age in (None, 0, 60):
            name, at = f"timed-age-{age}-max-{max_age}", NOW_SECONDS + age
            yield case(name, of, "unsign", signed, at=at, max_age=max_age)
        at = NOW_SECONDS + age
        yield case(f"timed-validate-{age}", of, "validate", signed, at=at, max_age=60)
    at = NOW_SECONDS
    yield case("timed-max-age-negative", of, "unsign", signed, at=at, max_age=-1)
    yield case("timed-max-age-fraction", of, "unsign", signed, at=at + 1, max_age=0.5)
    yield case("timed-bytes", of, "unsign", signed.encode(), return_timestamp=True)
    yield case("timed-max-age-and-date", of, "unsign", signed, max_age=5, return_timestamp=True)
    for name, text in tampered(signed):
        yield case(f"timed-{name}", of, "unsign", text)
        yield case(f"timed-{name}-validate", of, "validate", text, max_age=60)

    stamps = {"none": None, "empty": "", "junk": "!!!!", "one-digit": "A", "zero": "AA"}
    stamps["leading-zeros"] = to_base64(b"\0\0\0\0" + NOW_SECONDS.to_bytes(4, "big"))
    stamps["nine-bytes"] = to_base64(b"\0" * 5 + NOW_SECONDS.to_bytes(4, "big"))
    stamps["last-second"] = to_base64(LAST_SECOND.to_bytes(8, "big"))
    stamps["year-10000"] = to_base64((LAST_SECOND + 1).to_bytes(8, "big"))
    stamps["all-ones"] = to_base64(b"\xff" * 8)
    stamps["padded"] = to_base64(NOW_SECONDS.to_bytes(4, "big")) + "=="
    stamps["e-acute"] = "\u00e9"
    for name, stamp in stamps.items():
        value = "value" if stamp is None else f"value.{stamp}"
        signed = sign(plain, "sign", value).decode()
        yield case(f"timestamp-{name}", of, "unsign", signed)
        yield case(f"timestamp-{name}-max-age", of, "unsign", signed, max_age=60)
        yield case(f"timestamp-{name}-date", of, "unsign", signed, return_timestamp=True)
        yield case(f"timestamp-{name}-wrongly-signed", of, "unsign", signed[:-2])


def _short(value: Any) -> str:
    name = ascii(value)
    return name if len(name) < 20 else f"{name[:9]}-{len(value)}"
