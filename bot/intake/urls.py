"""One spelling for every spelling of an address, so that a report is known again however it was linked."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|gad_\w+|yclid|ysclid|ymclid|msclkid|tgclid|twclid|ttclid|igshid?|"
    r"igsh|mc_[ce]id|_ga|_gl|_hs\w+|_openstat|at_(?:medium|campaign|custom\d?|link\w*|format|ptr\w*|bbc\w*)|"
    r"cmpid|cmp|icid|xtor|wt_mc\w*|ns_\w+|pk_\w+|mtm_\w+|guc\w*_?\w*|spm|smid|sr_share|share|shared|"
    r"amp|amp_js_v|amp_gsa|outputtype|usqp|__twitter_impression|rss|feature|si|jsessionid|phpsessid|sid|_x_tr_\w+",
    re.IGNORECASE,
)
# These names carry an article's number on some sites and a campaign on others: the value decides.
_CHANNEL_NAMES: Final = frozenset({"from", "ref", "source", "src", "via", "referrer", "ref_src", "medium"})
_CHANNEL = re.compile(
    r"(?:rss|feed|atom|tg|telegram|fb|facebook|twitter|twsrc|x$|viber|whatsapp|instagram|youtube|google|yandex|"
    r"ukrnet|push|e?mail|newsletter|main|top|home|social|share|widget|button|app|amp|mobile)\w*.*",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?:www\d?|m|amp)\.(?=[^.]+\.)")
_AMP_CACHE = re.compile(r"/[cvi]/(?:s/)?([^/]+\.[^/]+)(/.*)?")
_AMP_VIEWER = re.compile(r"/amp/(?:s/)?([^/]+\.[^/]+)(/.*)?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PORTS: Final = {"http": 80, "https": 443}
ROUNDS = 8  # one removal may uncover another (/amp/amp); no honest address needs three


def canonical(url: str) -> str:
    """The address with all that does not choose the page taken away; always https, never an exception.

    canonical(canonical(url)) == canonical(url). What is no http(s) address comes back only trimmed.
    """
    text = "".join(url.split())
    for _ in range(ROUNDS):
        simpler = _once(text)
        if simpler == text:
            break
        text = simpler
    return text


def _once(text: str) -> str:
    try:
        parts = urlsplit(text)
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError:
        return text
    if parts.scheme not in _PORTS or not host:
        return text
    path, query = parts.path, parts.query
    if host.endswith(".cdn.ampproject.org") or host == "cdn.ampproject.org":
        inner = _AMP_CACHE.fullmatch(path)
    else:
        inner = _AMP_VIEWER.fullmatch(path) if host.startswith("google.") else None
    if inner:
        host, path = _host(inner[1]), inner[2] or ""
    if host in {"t.me", "telegram.me", "telegram.dog"}:
        return _telegram(path)
    place = host if port in {None, _PORTS[parts.scheme]} or inner else f"{host}:{port}"
    query = _query(query)
    return f"https://{place}{_path(path)}" + (f"?{query}" if query else "")


def _host(name: str) -> str:
    """Lower case, in IDNA's letters, without the prefixes that serve the same pages."""
    name = unquote(name).lower().rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return name
    while found := _PREFIX.match(name):
        name = name[found.end() :]
    return name


def _telegram(path: str) -> str:
    """https://t.me/name/ID: a preview page (/s/name/ID) shows the same post; names know no capitals."""
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] == "s" and len(parts) > 1:
        parts = parts[1:]
    if parts and re.fullmatch(r"\w+", parts[0]):
        parts[0] = parts[0].lower()
    return "https://t.me" + "".join(f"/{_escaped(part)}" for part in parts)


def _path(path: str) -> str:
    """Dots resolved, doubled slashes, AMP's marks, an index page and the last slash gone."""
    path = re.sub(r";jsessionid=[^/]*", "", path, flags=re.IGNORECASE)
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:-1]
        elif part and part != ".":
            kept.append(_escaped(part))
    if len(kept) > 1 and kept[0].lower() == "amp":
        kept = kept[1:]
    if len(kept) > 1 and kept[-1].lower() == "amp":
        kept = kept[:-1]
    if kept:
        kept[-1] = re.sub(r"(?<=.)(?:\.amp(?=\.html?$)|\.amp$)", "", kept[-1])
        if re.fullmatch(r"index\.(?:html?|php|aspx?)", kept[-1], re.IGNORECASE):
            kept = kept[:-1]
    return "".join(f"/{part}" for part in kept)


def _query(query: str) -> str:
    """The parameters that choose a page, sorted, in one spelling."""
    kept = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        plain = unquote(name)
        if not pair or _TRACKING.fullmatch(plain):
            continue
        if plain.lower() in _CHANNEL_NAMES and _CHANNEL.fullmatch(unquote(value)):
            continue
        kept.append(_escaped(name) + equals + _escaped(value))
    return "&".join(sorted(kept))


def _escaped(part: str) -> str:
    """Percent-encoding in one form: only what needs it is escaped, in capitals; a lone % is escaped too."""
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part)
    upper = _ESCAPE.sub(lambda found: _plain(found[1]), whole)
    return quote(upper, safe="%!$&'()*+,;=:@~", errors="replace")


def _plain(digits: str) -> str:
    sign = chr(int(digits, 16))
    return sign if sign in _UNRESERVED else f"%{digits.upper()}"
