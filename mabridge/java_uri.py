"""URIs as `java.net.URI` of Java 17 takes them apart: RFC 2396 with its own additions."""

from __future__ import annotations

import ipaddress
import re
import string
import unicodedata
from dataclasses import dataclass

_ALNUM = frozenset(string.ascii_letters + string.digits)
_UNRESERVED = _ALNUM | frozenset("_-!.~'()*")
_URIC = _UNRESERVED | frozenset(";/?:@&=+$,[]")
_PATH = _UNRESERVED | frozenset(":@&=+$,;/")
_USER = _UNRESERVED | frozenset(";:&=+$,")
_REGISTRY = _UNRESERVED | frozenset("$,;:@&=+")
_SERVER = _USER | frozenset("-.:@[]")
_HEX = frozenset(string.hexdigits)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+\-.]*")
_LABELS = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?")
_QUAD = re.compile(r"\d+\.\d+\.\d+\.\d+")


class JavaUriError(ValueError):
    """`java.net.URI` refuses the text."""


@dataclass(frozen=True)
class JavaUri:
    """The raw parts; None for one that is not there. An opaque URI (`mailto:a@b`) has no path and no query."""

    scheme: str | None = None
    authority: str | None = None
    user: str | None = None
    host: str | None = None
    path: str | None = None
    query: str | None = None
    fragment: str | None = None


def parse_uri(text: str) -> JavaUri:
    """`new URI(text)`.

    Raises:
        JavaUriError: see there.
    """
    body, hash_, fragment = text.partition("#")
    scheme = None
    found = re.search(r"[:/?]", body)
    if found is not None and found[0] == ":":
        scheme = body[: found.start()]
        if not _SCHEME.fullmatch(scheme):
            raise JavaUriError("scheme")
        body = body[found.end() :]
    if hash_ and not _all(fragment, _URIC):
        raise JavaUriError("fragment")
    last = fragment if hash_ else None
    if scheme is not None and not body.startswith("/"):
        if not body or not _all(body, _URIC):
            raise JavaUriError("opaque part")
        return JavaUri(scheme, fragment=last)
    return _hierarchical(scheme, body, last)


def _hierarchical(scheme: str | None, body: str, fragment: str | None) -> JavaUri:
    authority = user = host = None
    if body.startswith("//"):
        found = re.search(r"[/?]", body[2:])
        end = len(body) if found is None else found.start() + 2
        if end > 2:
            authority = body[2:end]
            user, host = _authority(authority)
        elif end == len(body) and fragment is None:
            raise JavaUriError("authority")
        body = body[end:]
    path, mark, query = body.partition("?")
    if not _all(path, _PATH) or (mark and not _all(query, _URIC)):
        raise JavaUriError("path or query")
    return JavaUri(scheme, authority, user, host, path, query if mark else None, fragment)


def _all(text: str, allowed: frozenset[str]) -> bool:
    """Whether all characters are allowed, escaped, or visible and not ASCII.

    Raises:
        JavaUriError: a `%` begins no escape.
    """
    place = 0
    while place < len(text):
        character = text[place]
        if character in allowed:
            place += 1
        elif character == "%":
            if not (set(text[place + 1 : place + 3]) <= _HEX and place + 3 <= len(text)):
                raise JavaUriError("escape")
            place += 3
        elif character > "\x80" and unicodedata.category(character) not in ("Zs", "Zl", "Zp", "Cc"):
            place += 1
        else:
            return False
    return True


def _authority(text: str) -> tuple[str | None, str | None]:
    """User and host; both None where the authority is a name of a registry."""
    scoped = text.find("]") > 0
    server = all(character in _SERVER or character == "%" for character in text) if scoped else _all(text, _SERVER)
    registry = _all(text, _REGISTRY)
    if server:
        try:
            return _server(text)
        except JavaUriError:
            if not registry:
                raise
    if not registry:
        raise JavaUriError("authority")
    return None, None


def _server(text: str) -> tuple[str | None, str | None]:
    user = None
    if "@" in text:
        user, _, text = text.partition("@")
        if not _all(user, _USER):
            raise JavaUriError("user info")
    if text.startswith("["):
        address, bracket, rest = text[1:].partition("]")
        if not bracket:
            raise JavaUriError("address")
        _check_ip6(address)
        host = f"[{address}]"
    else:
        host, colon, port = text.partition(":")
        rest = colon + port
        if not _is_ip4(host):
            _check_name(host)
    if rest and (rest[0] != ":" or (rest[1:] and not (rest[1:].isascii() and rest[1:].isdigit() and int(rest[1:]) < 2**31))):
        raise JavaUriError("port")
    return user, host


def _is_ip4(host: str) -> bool:
    return _QUAD.fullmatch(host) is not None and host.isascii() and all(int(part) < 256 for part in host.split("."))


def _check_name(host: str) -> None:
    if not _LABELS.fullmatch(host):
        raise JavaUriError("host name")
    labels = host.rstrip(".").split(".")
    if len(labels) > 1 and not labels[-1][0].isalpha():
        raise JavaUriError("host name")


def _check_ip6(address: str) -> None:
    address, percent, scope = address.partition("%")
    if percent and not (scope and all(character in _ALNUM or character in "_." for character in scope)):
        raise JavaUriError("scope")
    try:
        ipaddress.IPv6Address(address)
    except ValueError as error:
        raise JavaUriError("address") from error
