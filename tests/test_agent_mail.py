"""E-mail goes to the mail server that was named, by a way that nobody else reads, or it does not go at all."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from remote_agent.notifications.delivery import DeliveryError, send
from remote_agent.notifications.messages import News
from remote_agent.notifications.settings import MailTarget, NotifySettings, SmtpSettings
from tests.receivers import Certificate, MailServer, make_certificate, serving

TARGET = MailTarget(kind="mail", id="mail", address="anna@studio.example")
NEWS = News(event="completed", time=datetime(2026, 11, 20, tzinfo=UTC), job="1", name="Änna", kind="train")
LOGIN = ("agent", "a long pass word")
SECURE = ("tls", "starttls")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """Let this machine trust the certificate, as it does those of known authorities."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.cert))
    return certificate


def post(port: int, security: str, host: str = "localhost", **others: Any) -> None:
    facts = {"host": host, "port": port, "security": security, "sender": "agent@studio.example"}
    smtp = SmtpSettings.model_validate({**facts, **others})
    send(TARGET, NEWS, "en", 7, NotifySettings(smtp=smtp, time_limit_s=10), now=1_800_000_000.0)


@pytest.mark.parametrize("security", SECURE)
def test_a_message_and_the_login_go_through_tls_only(
    security: Any, trusted: Certificate, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text(f"{LOGIN[1]}\n", encoding="utf-8")
    with serving(MailServer(security=security, certificate=trusted, login=LOGIN)) as server:
        post(server.port, security, user=LOGIN[0], password_file=password)
    (mail,) = server.received
    assert "Änna" in mail["Subject"] + mail.get_content()
    clear = [one.split()[0] for one in server.said if one.endswith("clear")]
    assert clear == (["EHLO", "STARTTLS"] if security == "starttls" else [])
    assert {"AUTH tls", "DATA tls"} <= set(server.said)


@pytest.mark.parametrize("security", SECURE)
def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    security: Any, certificate: Certificate
) -> None:
    with (
        serving(MailServer(security=security, certificate=certificate)) as server,
        pytest.raises(DeliveryError, match="certificate"),
    ):
        post(server.port, security)
    assert server.received == []


@pytest.mark.parametrize("security", SECURE)
def test_a_certificate_of_another_host_is_not_accepted(
    security: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = make_certificate(tmp_path, "DNS:mail.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(another.cert))
    with (
        serving(MailServer(security=security, certificate=another)) as server,
        pytest.raises(DeliveryError, match="certificate"),
    ):
        post(server.port, security)
    assert server.received == []


@pytest.mark.parametrize("security", SECURE)
def test_a_server_without_encryption_gets_nothing(security: Any) -> None:
    """Also when somebody on the way has taken the offer of STARTTLS out."""
    with serving(MailServer()) as server, pytest.raises(DeliveryError, match=r"encryption|login"):
        post(server.port, security)
    assert not {"MAIL clear", "AUTH clear", "DATA clear"} & set(server.said)
    assert server.received == []


def test_a_wrong_password_is_said_without_quoting_it(trusted: Certificate, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("wrong", encoding="utf-8")
    with (
        serving(MailServer(security="tls", certificate=trusted, login=LOGIN)) as server,
        pytest.raises(DeliveryError) as caught,
    ):
        post(server.port, "tls", user=LOGIN[0], password_file=password)
    assert "535" in str(caught.value)
    assert "wrong" not in str(caught.value)
    assert server.received == []
