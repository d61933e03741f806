"""What an address is sent goes by what it can take."""

from __future__ import annotations

import pytest

from broker.fleet.addresses import Address
from broker.fleet.errors import FleetError
from tests.fleet.listeners import MailServer, serving

# Apprise loads all of its services at once; one of them looks for a module that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("mailtos://user:secret@mail.example?to=mayor@troyan.example", "html"),
        ("json://127.0.0.1:8000/", "document"),
        ("JSONS://hook.example/x", "document"),
        ("d7sms://token@359888123456", "short"),
        ("clicksend://user:secret@359888123456", "short"),
        ("ntfy://localhost/topic", "text"),
    ],
)
def test_each_kind_is_sent_what_it_can_take(text: str, style: str) -> None:
    """And no log has its secrets."""
    address = Address(3, text)
    assert address.style == style
    assert "secret" not in address.shown
    assert address.shown.startswith("3 (")


def test_what_is_no_address_is_said_without_its_secrets() -> None:
    """By number and scheme."""
    with pytest.raises(FleetError, match=r"address 2 .* \(nonsense:…\)") as caught:
        Address(2, "nonsense://user:secret@host")
    assert "secret" not in str(caught.value)


def test_a_mail_with_markup_has_text_too() -> None:
    """Whoever reads without a browser."""
    server = MailServer()
    with serving(server):
        port = server.server_address[1]
        address = Address(1, f"mailto://127.0.0.1:{port}?from=a@x.example&to=b@x.example")
        html = "<html><body><p>Гише 1: <b>недоволните</b> са повече</p></body></html>"
        assert address.tell("Сигнал", html, is_warning=True, is_html=True)
    (letter,) = server.letters
    assert "недоволните са повече" in str(letter)
