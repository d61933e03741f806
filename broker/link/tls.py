"""Who we are and whom we believe on a link: TLS 1.2 or newer, both sides with certificates."""

from __future__ import annotations

import ssl
from pathlib import Path


class IdentityError(Exception):
    """Certificates that can't be used; the text says which file, and what to do."""


def client_context(trust: Path, identity: Path | None = None) -> ssl.SSLContext:
    """A context for connecting: the server must be who its name says.

    Args:
        trust: PEM with the roots to believe, and no others.
        identity: PEM with our key and the chain of our certificate; ``None`` to have none.

    Raises:
        IdentityError: a file can't be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for load, path in ((context.load_verify_locations, trust), (context.load_cert_chain, identity)):
        try:
            if path is not None:
                load(path)
        except OSError as error:
            raise IdentityError(
                f"{path} can't be used ({error.strerror or error}): it must be a PEM file with "
                "certificates" + (" and their key" if path == identity else "")
            ) from error
    return context
