"""Authorities of the tests, and certificates that they vouch for."""

from pathlib import Path

from tests.image.containers import docker

# An authority, and a certificate it signs for the host in the first argument.
SCRIPT = """
function issue(string $name, ?array $by): array {
    $key = openssl_pkey_new(['private_key_bits' => 2048]);
    $request = openssl_csr_new(['commonName' => $name], $key);
    $options = ['digest_alg' => 'sha256', 'x509_extensions' => $by ? 'usr_cert' : 'v3_ca'];
    $signed = openssl_csr_sign($request, $by[0] ?? null, $by[1] ?? $key, 2, $options);
    return [$signed, $key];
}
foreach (['ca' => $authority = issue('Test authority', null), 'server' => issue($argv[1], $authority),
          'other' => issue('Another authority', null)] as $name => [$certificate, $key]) {
    openssl_x509_export_to_file($certificate, "/tls/$name.pem");
    openssl_pkey_export_to_file($key, "/tls/$name.key");
    chmod("/tls/$name.key", 0644);
}
"""


def issue(image: str, host: str, folder: Path) -> None:
    """Make an authority (ca), a certificate for a host (server) and a second authority (other), by an image's PHP."""
    folder.chmod(0o777)
    docker("run", "--rm", "--volume", f"{folder}:/tls", "--entrypoint", "php", image, "-r", SCRIPT, host)
