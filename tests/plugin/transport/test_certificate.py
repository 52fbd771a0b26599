"""The certificate and its curve, checked with OpenSSL."""

from __future__ import annotations

import calendar
import datetime
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, SignatureAlgorithmOID
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.plugin.transport import p256
from immuta_provider.plugin.transport.certificate import self_signed

scalars = st.one_of(
    st.integers(1, p256.N - 1),
    st.integers(1, 20),
    st.integers(p256.N - 20, p256.N - 1),
    st.integers(0, 255).map(lambda bit: 1 << bit),
)


@given(scalars)
@settings(max_examples=60, deadline=None)
def test_multiples_of_the_generator_are_openssls(scalar: int) -> None:
    numbers = ec.derive_private_key(scalar, ec.SECP256R1()).public_key().public_numbers()
    assert p256.multiply(scalar) == (numbers.x, numbers.y)


@given(st.binary(max_size=50))
@settings(max_examples=30, deadline=None)
def test_signatures_are_openssls(message: bytes) -> None:
    private, public = p256.new_key()
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    signature = encode_dss_signature(*p256.sign(private, hashlib.sha256(message).digest()))
    key.verify(signature, message, ec.ECDSA(hashes.SHA256()))


def test_a_certificate_has_the_form_of_go_plugins() -> None:
    # Encodings of random numbers differ in length: many certificates meet every length.
    for _ in range(50):
        made = self_signed(1_800_000_000)
        found = x509.load_der_x509_certificate(made.der)
        found.verify_directly_issued_by(found)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        assert (found.version, found.subject, found.issuer) == (x509.Version.v3, name, name)
        assert found.signature_algorithm_oid == SignatureAlgorithmOID.ECDSA_WITH_SHA256
        assert found.serial_number > 0
        public = found.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        assert public.curve.name == "secp256r1"
        point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        assert {one.value: one.critical for one in found.extensions} == {
            x509.BasicConstraints(ca=True, path_length=None): True,
            x509.KeyUsage(True, False, True, False, True, True, False, False, False): True,
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]): False,
            x509.SubjectKeyIdentifier(hashlib.sha256(point).digest()[:20]): False,
            x509.SubjectAlternativeName([x509.DNSName("localhost")]): False,
        }
        key = serialization.load_pem_private_key(made.pem, None)
        assert key.public_key() == public
        assert x509.load_pem_x509_certificate(made.pem) == found


@pytest.mark.parametrize("year", [2026, 2049, 2050, 2105])
def test_the_dates_hold_in_every_year(year: int) -> None:
    now = calendar.timegm((year, 6, 1, 12, 0, 0))
    found = x509.load_der_x509_certificate(self_signed(now).der)
    begins = datetime.datetime(year, 6, 1, 11, 55, tzinfo=datetime.UTC)
    ends = datetime.datetime(year, 6, 1, 12, tzinfo=datetime.UTC) + datetime.timedelta(days=365)
    assert (found.not_valid_before_utc, found.not_valid_after_utc) == (begins, ends)


def test_no_two_certificates_are_equal() -> None:
    first, second = self_signed(), self_signed()
    assert x509.load_der_x509_certificate(first.der).serial_number != (
        x509.load_der_x509_certificate(second.der).serial_number
    )
    assert first.pem != second.pem
