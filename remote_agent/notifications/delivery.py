"""Sends one message to one target, once, within a limit of time; raises where it did not arrive.

A webhook gets JSON with these headers:

X-RVC-Delivery     number of the message: the same whenever it is sent again
X-RVC-Timestamp    when it was sent, in seconds since 1970
X-RVC-Signature    "sha256=" and the HMAC-SHA256, in hexadecimal, of the timestamp, a full stop and the body
"""

import contextlib
import hashlib
import hmac
import http.client
import json
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit

from remote_agent.notifications import services
from remote_agent.notifications.addresses import find_address
from remote_agent.notifications.messages import News, compose, payload
from remote_agent.notifications.settings import (
    AnyTarget,
    AppriseTarget,
    Language,
    MailTarget,
    NotifySettings,
    SmtpSettings,
    WebhookTarget,
)
from rvc.errors import Error, InputError

SUCCESS = range(200, 300)
HTTPS_PORT, HTTP_PORT = 443, 80
GOODBYE_S = 1.0  # a mail server that has taken the message need not say goodbye


class DeliveryError(Error):
    """A message did not arrive; it may later."""


def send(
    target: AnyTarget, news: News, language: Language, number: int, settings: NotifySettings, now: float
) -> None:
    """Send a message; `number` is its own, for ever. Raises `DeliveryError`; `InputError` where it never can."""
    try:
        match target:
            case MailTarget():
                _mail(target, news, language, number, settings, now)
            case WebhookTarget():
                _post(target, news, language, number, settings, now)
            case AppriseTarget():
                services.notify(target.url, compose(news, language), settings)
    except (OSError, smtplib.SMTPException, http.client.HTTPException, UnicodeError) as error:
        raise DeliveryError("not_delivered", _reason(error)) from error


def _reason(error: Exception) -> str:
    """Say in a few words why a message did not arrive, without what a server might have made us quote."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = {code for code, _ in error.recipients.values()}
            return f"The mail server refused the address ({', '.join(map(str, sorted(codes)))})."
        case smtplib.SMTPResponseException():
            return f"The mail server answered {error.smtp_code}."
        case smtplib.SMTPNotSupportedError():
            return "The mail server does not offer the encryption or the login that its settings ask for."
        case TimeoutError():
            return "The server did not answer in time."
        case ssl.SSLError():
            return f"The server's certificate or encryption is not accepted ({error.reason or 'TLS'})."
        case ConnectionRefusedError():
            return "The server refused the connection."
        case socket.gaierror():
            return "The server's name is not known."
    return f"The connection failed ({type(error).__name__})."


@contextlib.contextmanager
def _limited(seconds: float, sockets: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut a connection that takes too long as a whole, however steadily it drips. Raises TimeoutError."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        if (connection := sockets()) is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException, smtplib.SMTPException):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():  # also when what was cut off looks like the end of an answer
        raise TimeoutError


def _mail(
    target: MailTarget, news: News, language: Language, number: int, settings: NotifySettings, now: float
) -> None:
    smtp = settings.smtp
    if smtp is None:
        raise InputError(
            "no_mail_server", "This agent has no mail server.", "Its administrator can name one."
        )
    mail = _letter(smtp.sender, target.address, news, language, number, now)
    server: smtplib.SMTP | None = None
    with _limited(settings.time_limit_s, lambda: server.sock if server else None):
        try:
            server = _connect(smtp, settings.time_limit_s)
            _hand_over(server, smtp, mail)
        finally:
            if server is not None:
                server.close()


def _letter(sender: str, to: str, news: News, language: Language, number: int, now: float) -> EmailMessage:
    message = compose(news, language)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, message.title
    mail["Date"] = formatdate(now)
    # the same whenever it is sent again, by which mail programs know a second copy
    mail["Message-ID"] = f"<{news.job or 'test'}.{news.event}.{number}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def _connect(smtp: SmtpSettings, limit_s: float) -> smtplib.SMTP:
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=limit_s, context=ssl.create_default_context())
    return smtplib.SMTP(smtp.host, smtp.port, timeout=limit_s)


def _hand_over(server: smtplib.SMTP, smtp: SmtpSettings, mail: EmailMessage) -> None:
    if smtp.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if smtp.user:
        password = smtp.password_file.read_text(encoding="utf-8").strip() if smtp.password_file else ""
        server.login(smtp.user, password)
    server.send_message(mail)
    with contextlib.suppress(OSError, smtplib.SMTPException):  # the message is theirs already
        if server.sock is not None:
            server.sock.settimeout(GOODBYE_S)
        server.quit()


def _post(
    target: WebhookTarget, news: News, language: Language, number: int, settings: NotifySettings, now: float
) -> None:
    body = json.dumps(payload(news, language), ensure_ascii=False).encode()
    stamp = str(int(now))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "RVC-Studio",
        "X-RVC-Delivery": str(number),
        "X-RVC-Timestamp": stamp,
        "X-RVC-Signature": sign(target.secret, stamp, body),
    }
    parts = urlsplit(target.url)
    connection = _Direct(target.url, settings)
    with _limited(settings.time_limit_s, lambda: connection.sock):
        try:
            path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
            connection.request("POST", path if path.startswith("/") else f"/{path}", body, headers)
            status = connection.getresponse().status  # what it says beyond that is not read
        finally:
            connection.close()
    if status not in SUCCESS:
        raise DeliveryError("not_delivered", f"The server answered {status}.")


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a webhook's message."""
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


class _Direct(http.client.HTTPConnection):
    """A connection to the address that was checked, by no proxy, which follows no redirect."""

    def __init__(self, url: str, settings: NotifySettings) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        port = parts.port or (HTTPS_PORT if self._secure else HTTP_PORT)
        self.default_port = HTTPS_PORT if self._secure else HTTP_PORT  # for the Host header
        super().__init__(parts.hostname or "", port, timeout=settings.time_limit_s)
        self._private_allowed = settings.private_addresses

    def connect(self) -> None:
        """Connect; raises `InputError` private_address."""
        address = find_address(self.host, self.port, private_allowed=self._private_allowed)
        self.sock = socket.create_connection((address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
