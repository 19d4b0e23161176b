"""Which network addresses are on the public internet. Data, and one question to it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# The registries of special addresses, written out: what Python calls global changed between its releases.
_NOT_PUBLIC_4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches this machine
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private
        "100.64.0.0/10",  # shared by carriers; also metadata of some clouds
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # the platform under machines in Azure, although the address is public
        "169.254.0.0/16",  # link-local, with the metadata of most clouds
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # protocols, documentation
        "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24", "192.88.99.0/24",  # sinks, relays to IPv6
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/4", "240.0.0.0/4",  # multicast, reserved, broadcast
    )
]  # fmt: skip
_PUBLIC_6 = ip_network("2000::/3")
_NOT_PUBLIC_6 = [
    ip_network(network)
    for network in (
        "2001::/23",  # protocols, Teredo and ORCHID among them: addresses within addresses
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4: an IPv4 address within
        "2620:4f:8000::/48",  # sink
    )
]  # fmt: skip
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(text: str) -> bool:
    """Whether an address, as a socket is given it, is one that anybody on the internet may talk to.

    Of IPv6 only global unicast counts, so forms that carry an IPv4 address (mapped, compatible, translated) are out.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return "%" not in text and _is_public_6(address)


def _is_public_6(address: IPv6Address) -> bool:
    if address not in _PUBLIC_6 or any(address in network for network in _NOT_PUBLIC_6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
