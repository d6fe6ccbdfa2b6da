"""Addresses: what a user may mean by one, what it is called on disk, and which lead where nobody asked to go."""

import ipaddress
import re
import socket
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from kzalign.errors import KzalignError

ARGUMENTS = frozenset({"verb", "metadataPrefix", "from", "until", "set", "identifier", "resumptionToken"})
"""Of OAI-PMH: an address copied from a browser may hold them."""

SCHEMES = ("http", "https")
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})

Origin = tuple[str, int]
"""A host and its port."""


class Forbidden(KzalignError):
    """An address of a private network that nobody named."""


class NoSuchHost(KzalignError):
    """A host that no name server knows."""


def candidates(text: str) -> list[str]:
    """Returns the addresses to try for what a user typed: itself, and a journal's page with `/oai` after it."""
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise KzalignError(f"{text}: not an address: {error}") from None
    if parts.scheme not in SCHEMES or not host:
        raise KzalignError(f"{text}: not an address of a site: give one such as https://journal.example/index.php/j/oai")
    if parts.username or parts.password:
        raise KzalignError(f"{host}: an address with a password in it: it would be written to every record; leave it out")
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in ARGUMENTS]
    plain = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), urlencode(asked), ""))
    return [plain] if asked or plain.endswith("/oai") else [plain, f"{plain}/oai"]


def origin_of(address: str) -> Origin:
    """Returns the host, in small letters, and the port of an address; raises KzalignError for one that is not http(s)."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise KzalignError(f"{address}: not an address: {error}") from None
    if parts.scheme not in SCHEMES or not host:
        raise KzalignError(f"{address[:200]}: neither http nor https: not followed")
    return host, port or PORTS[parts.scheme]


def is_named_privately(host: str) -> bool:
    """Says whether a host is a number or this machine's own name: who types such a one means it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host in LOCAL_NAMES
    return True


def is_private(number: str) -> bool:
    """Says whether an IP address is of this machine, a private network, or no single machine of the public one."""
    address = ipaddress.ip_address(number.partition("%")[0])
    inside: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    if isinstance(address, ipaddress.IPv6Address):
        inside += filter(None, [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())])
        if address in NAT64:
            inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return any(not found.is_global or found.is_multicast or found.is_reserved for found in inside or [address])


def resolve(host: str, port: int, allowed: bool) -> list[str]:
    """Returns the IP addresses of a host; raises Forbidden where one is private and that is not allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
            raise OSError(f"{host}: name servers do not answer") from None
        raise NoSuchHost(f"{host}: no such host: check the address and the connection") from None
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = [number for number in numbers if is_private(number)]
    if private and not allowed:
        raise Forbidden(f"{host}:{port} is {private[0]}, an address of a private network: refused; --allow-private allows it")
    return numbers


def slug(address: str) -> str:
    """Returns the name of an endpoint on disk: its host and what of its path tells journals apart."""
    parts = urlsplit(address)
    steps = [
        step for step in parts.path.split("/") if step and not re.fullmatch(r"index\.php|oai|request|oai2?d?|oai-pmh", step, re.I)
    ]
    port = f"-{parts.port}" if parts.port else ""
    name = "-".join([(parts.hostname or "") + port, *steps])
    return re.sub(r"[^\w.-]+", "_", name).strip("._-")[:80] or "records"
