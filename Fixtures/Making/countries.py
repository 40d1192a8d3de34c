#!/usr/bin/env python3
"""Makes ../geoip/countries.mmdb: documentation networks with made-up countries (needs mmdb-writer of PyPI)."""
from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet

NETWORKS = {
    "192.0.2.0/24": {"country": {"iso_code": "DE"}},
    "198.51.100.0/24": {"country": {"iso_code": "US"}},
    "203.0.113.0/24": {"country": {"iso_code": "FR"}},
    "2001:db8::/32": {"country": {"iso_code": "GB"}},
    # As IPinfo writes it.
    "198.18.0.0/24": {"country_code": "NL"},
    # A continent alone, and codes that are none.
    "198.18.1.0/24": {"continent": {"code": "EU"}},
    "198.18.2.0/24": {"country": {"iso_code": "de"}},
    "198.18.3.0/24": {"country": {"iso_code": "DEU"}},
    "198.18.4.0/24": {"country": "DE"},
    # The addresses of the captures.
    "10.0.0.0/8": {"country": {"iso_code": "AT"}},
}

writer = MMDBWriter(
    ip_version=6,
    ipv4_compatible=True,
    database_type="Ringwatch-Test-Country",
    description="Documentation networks with made-up countries",
)
for network, record in NETWORKS.items():
    writer.insert_network(IPSet([network]), record)
writer.to_db_file(str(Path(__file__).resolve().parent.parent / "geoip" / "countries.mmdb"))
