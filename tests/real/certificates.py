"""Certificates for servers and clients of tests."""

from __future__ import annotations

import datetime
from pathlib import Path


def make_certificates(folder: Path) -> Path:
    """An authority, a server certificate for 127.0.0.1 and a client's for an administrator. Gives their folder."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    made = folder / "certificates"
    made.mkdir()
    now = datetime.datetime.now(datetime.UTC)

    def name(common: str, organization: str | None = None) -> x509.Name:
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
        if organization:
            parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
        return x509.Name(parts)

    authority_key = rsa.generate_private_key(65537, 2048)

    def write(file: str, subject: x509.Name, key: rsa.RSAPrivateKey, *extensions: x509.ExtensionType) -> None:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name("test authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=2))
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        certificate = builder.sign(authority_key, hashes.SHA256())
        (made / f"{file}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (made / f"{file}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )

    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    known = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)
    write("ca", name("test authority"), authority_key, x509.BasicConstraints(ca=True, path_length=None), usage, known)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost"), x509.DNSName("kube.test")]
    server_key = rsa.generate_private_key(65537, 2048)
    write("server", name("kube"), server_key, x509.SubjectAlternativeName(names), signed_by)
    write("client", name("cert-admin", "system:masters"), rsa.generate_private_key(65537, 2048), signed_by)
    return made
