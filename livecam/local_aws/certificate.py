"""A TLS certificate for 127.0.0.1 that nobody trusts, made anew at each start."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import MissingDependency

if TYPE_CHECKING:
    from datetime import datetime

LIFETIME = timedelta(days=1)


def self_signed(now: datetime) -> ssl.SSLContext:
    """Return a server's TLS context.

    Args:
        now: the wall time, aware.

    Raises:
        MissingDependency: the package that makes certificates is not installed.
    """
    certificate, key = _made(now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # ssl reads files only
        path = Path(folder) / "certificate.pem"
        path.write_bytes(certificate + key)
        context.load_cert_chain(path)
    return context


def _made(now: datetime) -> tuple[bytes, bytes]:
    """Return a certificate and its key, both PEM."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise MissingDependency(
            "--tls needs cryptography, which is not installed; run: pip install 'livecam[local-aws]'"
        ) from error
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "livecam local-aws")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LIFETIME)
        .not_valid_after(now + LIFETIME)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return certificate.public_bytes(pem), key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
