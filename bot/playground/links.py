"""Links as TDLib's LinkManager takes them: checked, completed, or refused."""

import ipaddress
import re
from dataclasses import dataclass

UPPER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
SPACES = " \t\r\n\0\v"
ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_!$,~*'();&+=")


class WrongLinkError(ValueError):
    """A link that Telegram refuses; the message is TDLib's."""


def lower(text: str) -> str:
    """ASCII letters in lower case, others as they are."""
    return text.translate(UPPER)


@dataclass(frozen=True)
class Url:
    https: bool
    userinfo: str
    host: str
    port: int
    query: str
    ipv6: bool

    def __str__(self) -> str:
        user = f"{self.userinfo}@" if self.userinfo else ""
        port = f":{self.port}" if self.port else ""
        return f"{'https' if self.https else 'http'}://{user}{self.host}{port}{self.query}"


def parse(link: str) -> Url:
    """The parts of an HTTP link; without a scheme it is http. Raises WrongLinkError."""
    scheme, colon, rest = link.partition(":")
    https = False
    if colon and rest.startswith("//"):
        if lower(scheme) not in ("http", "https"):
            raise WrongLinkError("Unsupported URL protocol")
        https, rest = lower(scheme) == "https", rest[2:]
    else:
        rest = link
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    query = rest[len(authority) :].rstrip(SPACES) or "/"
    userinfo_host, port = _port(authority)
    userinfo, _, host = userinfo_host.rpartition("@")
    ipv6 = host[:1] == "[" and host[-1:] == "]"
    if ipv6 and not _is_ipv6(host[1:-1]):
        raise WrongLinkError("Wrong IPv6 address specified in the URL")
    if not host:
        raise WrongLinkError("URL host is empty")
    if host == ".":
        raise WrongLinkError("Host is invalid")
    host = lower(host)
    if not ipv6:
        _check_part(host, "host", ALLOWED)
    _check_part(userinfo, "userinfo", ALLOWED | {":"})
    query = ("" if query[0] == "/" else "/") + query
    query = "".join(char if char > " " else f"%{ord(char):02X}" for char in query)
    return Url(https, userinfo, host, port, query, ipv6)


def _port(authority: str) -> tuple[str, int]:
    place = max(authority.rfind(":"), authority.rfind("]"), authority.rfind("@"))
    if place <= 0 or authority[place] != ":":
        return authority, 0
    digits = authority[place + 1 :]
    digits = digits.lstrip("0") or digits[-1:]
    if not re.fullmatch(r"-?[0-9]+", digits) or not 0 < int(digits) <= 65535:
        raise WrongLinkError("Wrong port number specified in the URL")
    return authority[:place], int(digits)


def _is_ipv6(address: str) -> bool:
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return True


def _check_part(part: str, name: str, allowed: frozenset[str]) -> None:
    left = re.sub("%[0-9a-fA-F]{2}", "", part)
    if "%" in left:
        raise WrongLinkError(f"Wrong percent-encoded symbol in URL {name}")
    if any(char not in allowed and char < "\x80" for char in left):
        raise WrongLinkError(f"Disallowed character in URL {name}")


def check(link: str) -> str:
    """The link as Telegram keeps it. Raises WrongLinkError."""
    for scheme in ("tg", "ton"):
        if lower(link).startswith(f"{scheme}:"):
            return _check_own(scheme, link[len(scheme) + 1 :].removeprefix("//"))
    url = parse(link)
    if "." not in url.host and not url.ipv6:
        raise WrongLinkError("Wrong HTTP URL")
    return str(url)


def _check_own(scheme: str, link: str) -> str:
    url = parse(link)
    if lower(link).startswith("http") or url.https or url.userinfo or url.port or url.ipv6:
        raise WrongLinkError(f"Wrong {scheme} URL")
    if not re.fullmatch(r"[a-zA-Z0-9_-]*", url.host):
        raise WrongLinkError("Unallowed characters in URL host")
    query = url.query[1:] if url.query.startswith("/?") else url.query
    return f"{scheme}://{url.host}{query}"


def checked(link: str) -> str:
    """The link as Telegram keeps it; "" when it would refuse it."""
    try:
        return check(link)
    except WrongLinkError:
        return ""


def user_id(link: str) -> int:
    """The user of a tg://user?id=… link; 0 for any other."""
    match = re.match(r"tg:(?://)?user/?\?([^#]*)", lower(link))
    for parameter in match[1].split("&") if match else ():
        key, _, value = parameter.partition("=")
        if key == "id":
            number = int(value) if re.fullmatch(r"[0-9]{1,18}", value) else 0
            return number if 0 < number < 1 << 40 else 0
    return 0
