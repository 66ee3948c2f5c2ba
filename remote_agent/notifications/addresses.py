"""Which machines a user may have messages sent to: those on the open Internet, not those that only we can reach."""

import ipaddress
import socket

from rvc.errors import InputError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")  # the last 32 bits are an IPv4 address
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")


def is_public(ip: Address) -> bool:
    """Tell whether an address is on the open Internet, also where it only wraps one that is not."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _wrapped(ip)
        if inner is not None:
            return is_public(inner)
        if ip.is_site_local or ip in LOCAL_NAT64:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def find_address(host: str, port: int, *, private_allowed: bool) -> str:
    """Return an IP address of a host to connect to: the very one that was checked, as names may change.

    Raises `InputError` private_address when any of the host's addresses is not public, OSError when it has none.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private_allowed:
        for address in found:
            if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise InputError(
                    "private_address",
                    f"{host} is in a private network, where no messages are sent.",
                    "Name a public server, or ask the administrator to allow private addresses.",
                )
    return found[0]
