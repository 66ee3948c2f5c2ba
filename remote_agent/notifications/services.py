"""The services that Apprise knows: which of them users may name, and one message to one of them."""

import logging
from typing import Any

from remote_agent.notifications.messages import Message
from remote_agent.notifications.settings import NotifySettings
from rvc.errors import Error, InputError

OF_THIS_MACHINE = frozenset(
    {"blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"}
)  # they show or write something here
OF_ANY_HOST = frozenset({"nostr"})  # users name its hosts in other parts of the URL


def check(url: str, settings: NotifySettings) -> None:
    """Raise `InputError` for a URL that Apprise does not know, or that the administrator does not allow."""
    _open(url, settings)


def notify(url: str, message: Message, settings: NotifySettings) -> None:
    """Send a message; raises `Error` not_delivered."""
    service = _open(url, settings)
    if not service.notify(body=message.body, title=message.title):
        raise Error("not_delivered", f"{service.service_name} did not take the message.")


def _open(url: str, settings: NotifySettings) -> Any:
    """Return Apprise's object for a URL."""
    if settings.apprise == "none":
        raise InputError("no_apprise", "This agent sends nothing through Apprise.", "Choose a webhook.")
    import apprise  # it costs a second, which who does not use it need not wait for

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it quotes URLs, which are secrets
    asset = apprise.AppriseAsset(http_redirects=False, storage_mode=apprise.PersistentStoreMode.MEMORY)
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise InputError("unknown_service", "Apprise knows no such service.", "Its manual lists the URLs.")
    if settings.apprise == "hosted" and not _is_hosted(service):
        raise InputError(
            "service_not_allowed",
            f"Messages to {service.service_name} on servers of one's own are not allowed here.",
            "Choose a webhook, or ask the administrator to allow all services.",
        )
    service.redirects = False  # a URL may ask for other values
    service.socket_connect_timeout = service.socket_read_timeout = settings.time_limit_s
    return service


def _is_hosted(service: Any) -> bool:
    """Tell whether a service has an address of its own, so that users cannot name machines to us."""
    schemas = {*_names(service.protocol), *_names(service.secure_protocol)}
    names_a_host = any("{host}" in template for template in service.templates)
    return not names_a_host and not schemas & (OF_THIS_MACHINE | OF_ANY_HOST)


def _names(protocol: Any) -> tuple[str, ...]:
    return (protocol,) if isinstance(protocol, str) else tuple(protocol or ())
