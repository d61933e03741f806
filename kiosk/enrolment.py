"""Becoming a device of an installation, by a one-time code; interrupted anywhere, run it again.

=================================== ==========================================================
killed                              then
=================================== ==========================================================
before the key is kept              nobody has heard of us; the next run begins
before the server has the request   the key is kept; the next run goes on with it
before the answer is kept           the server knows that key, and answers the next run likewise
after that                          we are enrolled; the next run hears the same once more
=================================== ==========================================================
"""

from __future__ import annotations

from datetime import datetime

from broker.link.code import Code
from broker.link.proof import Agreement, Exchange, ProofError
from broker.wire.enrolment import (
    OPEN_PATH,
    PROVE_PATH,
    Credentials,
    Opened,
    Opening,
    Proof,
)
from broker.wire.messages import VERSION
from hardware.errors import ReadableError
from kiosk.asking import Asking, RefusedError
from kiosk.credentials import checked, new_key, request_for
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import IdentityFileError, KeptIdentity


class EnrolmentError(ReadableError):
    """We were not enrolled; the text says why, and what to do. Nothing has changed."""


def enrol(code: Code, server: str, folder: IdentityFolder) -> KeptIdentity:
    """Become the device that ``code`` was made for.

    Nothing that the server says is believed, or kept, before it has proved that it knew the code.

    Args:
        code: typed or photographed.
        server: address of the enrolment endpoint.
        folder: where key and certificate are kept.

    Returns:
        What is kept from now on; by a code that we were enrolled by, what was kept already.

    Raises:
        EnrolmentError: the code is wrong, or somebody answers in the server's place.
        AskingError: the server can't be reached, or is none.
        CredentialsError: the server's certificate is not for us.
        IdentityFileError: the folder can't be written.
    """
    with folder.alone():
        before = _enrolled_by(code, folder)
        key = (
            folder.key_for("enrolling", f"code {code.label}", new_key)
            if before is None
            else before.key
        )
        kept = checked(_ask(code, server, key), key, code.label, code.trust)
        if kept != before:
            folder.keep(kept)
        folder.forget_pending_key("enrolling")
    return kept


def is_clock_right(kept: KeptIdentity, now: datetime) -> bool:
    """Whether the certificate holds by our clock; with a wrong one we get nowhere until it is set.

    No reason not to enrol: the time comes over the network, perhaps later.
    """
    return kept.valid_from <= now < kept.expires_at


def _enrolled_by(code: Code, folder: IdentityFolder) -> KeptIdentity | None:
    """What is kept, if it may be by this code: half of it, the label, is all that we remember."""
    try:
        kept = folder.current()
    except IdentityFileError:  # this is how a damaged one is mended
        return None
    return kept if kept is not None and kept.label == code.label else None


def _ask(code: Code, server: str, key: str) -> Credentials:
    """Prove to each other that both know the code, and be told who we are."""
    request = request_for(key)
    with Asking(server) as asking:
        try:
            agreement, opened = _agree(code, asking)
            shown = agreement.confirmation("kiosk", request, asking.met)
            proof = Proof(v=VERSION, session=opened.session, confirmation=shown, request=request)
            said = asking.ask(PROVE_PATH, proof, Credentials)
        except RefusedError as error:
            raise EnrolmentError(_explain(error)) from error
        if not agreement.is_confirmed("server", request, asking.met, said.confirmation):
            raise EnrolmentError(
                f"somebody else answers in the server's place at {asking.where}: nothing was "
                "believed. Look at the network, and tell the administrator"
            )
    return said


def _agree(code: Code, asking: Asking) -> tuple[Agreement, Opened]:
    exchange = Exchange("kiosk", code.label, code.secret)
    opening = Opening(v=VERSION, label=code.label, exchange=exchange.message)
    opened = asking.ask(OPEN_PATH, opening, Opened)
    try:
        return exchange.finish(opened.exchange), opened
    except ProofError as error:
        raise EnrolmentError(
            f"{asking.where} is no enrolment endpoint of Otziv, or somebody is in between ({error})"
        ) from error


def _explain(error: RefusedError) -> str:
    if error.reason == "wrong-code":
        return (
            "the server does not take this code: look at it again. It ends after 24 hours, after "
            "some wrong tries, and once another device has used it; then let 'otziv device enrol' "
            "make a new one. If it is right, somebody may sit between this kiosk and the server"
        )
    if error.reason == "busy":
        return "the server is busy with other enrolments: try again in a minute"
    return str(error)
