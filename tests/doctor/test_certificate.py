"""The facts of a certificate, and bytes that are not one."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as some
from immuta_provider.doctor.certificate import Certificate, read


@pytest.mark.parametrize(
    ("names", "year", "authority"),
    [
        ([(NameOID.COMMON_NAME, "Zertifizierungsstelle Köln"), (NameOID.ORGANIZATION_NAME, "Acme")], 2049,
         "Zertifizierungsstelle Köln"),
        ([(NameOID.COUNTRY_NAME, "DE"), (NameOID.ORGANIZATION_NAME, "Acme")], 2050, "Acme"),
        ([(NameOID.COUNTRY_NAME, "DE")], 2030, ""),
    ],
)  # fmt: skip
def test_the_authority_and_the_end_are_read(
    names: list[tuple[x509.ObjectIdentifier, str]], year: int, authority: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    ends = datetime.datetime(year, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "immuta")]))
        .issuer_name(x509.Name([x509.NameAttribute(oid, text) for oid, text in names]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - datetime.timedelta(days=1))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    assert read(certificate.public_bytes(serialization.Encoding.DER)) == Certificate(authority, ends)


def test_every_certificate_of_this_machines_store_is_read() -> None:
    import certifi

    stored = Path(certifi.where()).read_text("ascii").split("-----END CERTIFICATE-----")[:-1]
    ends = "-----END CERTIFICATE-----\n"
    read_ones = [read(ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN") :] + ends)) for text in stored]
    assert len(read_ones) > 50
    assert all(each.authority for each in read_ones)


@given(some.binary(max_size=200))
def test_other_bytes_are_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a certificate"):
        read(data)
