"""What Telegram takes for a link: tdlib's ``check_link`` with its error texts.

Used for ``href`` (a bad one drops the link silently) and for button URLs (a bad one is a 400).
"""

import re

_BAD_IN_HOST = re.compile(r'[\x00-\x20"<>\\^`{|}\x7f]')
_IPV6 = re.compile(r"\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]")


class LinkError(ValueError):
    """A URL that Telegram refuses; the text is tdlib's reason."""


def check_link(link: str) -> str:
    """Return the link as Telegram would store it.

    Raises:
        LinkError: with tdlib's reason, such as ``Wrong HTTP URL``.
    """
    scheme = next((s for s in ("tg", "ton", "tonsite") if link.lower().startswith(s + ":")), "")
    rest = link[len(scheme) + 1 :].removeprefix("//") if scheme else link
    protocol, user, host, port, query = _split(rest)
    ipv6 = host.startswith("[")
    if scheme:
        if rest.lower().startswith("http://") or protocol == "https" or user or port or ipv6:
            raise LinkError(f"Wrong {scheme} URL")
        if not re.fullmatch(r"[A-Za-z0-9_.-]*" if scheme == "tonsite" else r"[\w-]*", host, re.A):
            raise LinkError("Unallowed characters in URL host")
        return f"{scheme}://{host}{query[1:] if query.startswith('/?') else query}"
    if "." not in host and not ipv6:
        raise LinkError("Wrong HTTP URL")
    at = f"{user}@" if user else ""
    return f"{protocol}://{at}{host}{f':{port}' if port else ''}{query}"


def _split(url: str) -> tuple[str, str, str, int, str]:
    protocol, rest = "http", url
    head, colon, tail = url.partition(":")
    if colon and tail.startswith("//"):
        protocol, rest = head.lower(), tail[2:]
        if protocol not in ("http", "https"):
            raise LinkError("Unsupported URL protocol")
    cut = re.search(r"[/?#]", rest)
    authority, query = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    authority, port = _port(authority)
    user, at, host = authority.rpartition("@")
    if at and re.search(r'[\x00-\x20"<>\\^`{|}\x7f]', user):
        raise LinkError("Disallowed character in URL userinfo")
    _check_host(host)
    query = query.rstrip(" \t\r\n\v\0")
    query = re.sub(r"[\x00-\x20]", lambda m: f"%{ord(m[0]):02X}", query)
    return protocol, user, _lower(host), port, query if query.startswith("/") else "/" + query


def _port(authority: str) -> tuple[str, int]:
    colon = re.search(r":([^:\]@]*)\Z", authority)
    if not colon or colon.start() == 0:
        return authority, 0
    digits = colon[1]
    if not re.fullmatch(r"[0-9]{1,9}", digits) or not 0 < int(digits) <= 65535:
        raise LinkError("Wrong port number specified in the URL")
    return authority[: colon.start()], int(digits)


def _check_host(host: str) -> None:
    if not host:
        raise LinkError("URL host is empty")
    if host == ".":
        raise LinkError("Host is invalid")
    if host.startswith("["):
        if not _IPV6.fullmatch(host):
            raise LinkError("Wrong IPv6 address specified in the URL")
        return
    if _BAD_IN_HOST.search(host):
        raise LinkError("Disallowed character in URL host")
    if re.search(r"%(?![0-9a-fA-F]{2})", host):
        raise LinkError("Wrong percent-encoded symbol in URL host")


def _lower(text: str) -> str:
    """Lower only ASCII, as tdlib does."""
    return re.sub(r"[A-Z]+", lambda m: m[0].lower(), text)
