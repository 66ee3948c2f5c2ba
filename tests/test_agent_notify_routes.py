"""What users ask of their notifications over HTTP, and where messages may go: a real agent, real receivers."""

import ipaddress
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from remote_agent.app import create_app
from remote_agent.notifications.addresses import find_address, is_public
from remote_agent.notifications.messages import News, compose, payload, said, words
from remote_agent.notifications.settings import Preferences
from remote_agent.notify import SETTINGS, read_settings
from remote_agent.settings import AgentSettings
from remote_agent.users import Users
from rvc.errors import InputError
from tests.receivers import HookServer, MailServer, serving

PATH = "/me/notifications"
SECRET = "a secret of the studio"


@pytest.fixture
def hook() -> Iterator[HookServer]:
    with serving(HookServer()) as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving(MailServer()) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "agent").mkdir()
    return tmp_path / "agent"


@pytest.fixture
def agent(home: Path, mail: MailServer) -> Iterator[TestClient]:
    """An agent that may send to this machine."""
    smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none", "sender": "agent@studio.example"}
    settings = {"smtp": smtp, "private_addresses": True, "time_limit_s": 2}
    (home / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
    with TestClient(create_app(AgentSettings(home=home, slots_folder=home))) as client:
        client.headers["Authorization"] = f"Bearer {Users(home).add('anna')}"
        yield client


def webhook(url: str, secret: str = SECRET) -> dict[str, Any]:
    return {"kind": "webhook", "id": "hook", "url": url, "secret": secret}


def put(agent: TestClient, *targets: dict[str, Any], language: str = "en") -> httpx2.Response:
    return agent.put(PATH, json={"language": language, "targets": list(targets)})


def test_targets_are_kept_and_secrets_never_shown(agent: TestClient, hook: HookServer) -> None:
    address = {"kind": "mail", "id": "mail", "address": "anna@studio.example", "events": ["failed"]}
    answer = put(agent, webhook(hook.url), address, language="ko")
    assert answer.status_code == 200
    assert answer.json() == agent.get(PATH).json()
    assert answer.json()["language"] == "ko"
    shown, other = answer.json()["targets"]
    assert (shown["url"], shown["events"]) == (
        hook.url.partition("?")[0],
        ["started", "completed", "failed"],
    )
    assert (other["address"], other["events"]) == ("anna@studio.example", ["failed"])
    assert SECRET not in answer.text


def test_a_secret_stays_with_its_address_only(agent: TestClient, hook: HookServer) -> None:
    put(agent, webhook(hook.url))
    assert put(agent, webhook(hook.url, secret="")).status_code == 200
    assert agent.post(f"{PATH}/test").json() == [{"id": "hook", "sent": True, "error": ""}]
    moved = put(agent, webhook("https://elsewhere.example/", secret=""))
    assert (moved.status_code, moved.json()["code"]) == (422, "missing_secret")


def test_a_test_says_what_became_of_each_target(
    agent: TestClient, hook: HookServer, mail: MailServer
) -> None:
    hook.script.faults = ["500"]
    put(agent, webhook(hook.url), {"kind": "mail", "id": "mail", "address": "anna@studio.example"})
    first = {one["id"]: one for one in agent.post(f"{PATH}/test").json()}
    assert first["hook"] == {"id": "hook", "sent": False, "error": "The server answered 500."}
    assert first["mail"]["sent"]
    assert mail.received[0]["Subject"] == "RVC Studio: a test"
    answers = [agent.post(f"{PATH}/test").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize(
    "target",
    [
        {"kind": "mail", "id": "m", "address": "anna@x\r\nBcc: b@y.zz"},
        {"kind": "mail", "id": "m", "address": "anna"},
        {"kind": "mail", "id": "a b", "address": "anna@studio.example"},
        {"kind": "mail", "id": "m", "address": "anna@studio.example", "events": ["never"]},
        {"kind": "pigeon", "id": "p"},
        webhook("ftp://studio.example/"),
        webhook("http://anna:word@studio.example/"),
        webhook("http://studio.example:99999/"),
        webhook("http://studio.example/a b"),
        webhook("https://studio.example/", secret="short"),
    ],
)
def test_what_is_no_target_is_refused_and_quoted_nowhere(agent: TestClient, target: dict[str, Any]) -> None:
    answer = put(agent, target)
    assert answer.status_code == 422
    assert "short" not in answer.text
    assert agent.get(PATH).json()["targets"] == []


def test_targets_have_names_of_their_own_and_a_number(agent: TestClient) -> None:
    one = {"kind": "mail", "id": "m", "address": "anna@studio.example"}
    assert put(agent, one, one).status_code == 422
    assert put(agent, *({**one, "id": f"m{number}"} for number in range(11))).status_code == 422


def test_everything_of_a_user_includes_targets(agent: TestClient, hook: HookServer) -> None:
    put(agent, webhook(hook.url))
    removed = agent.delete("/me/data").json()["removed"]
    assert ("notifications", 1) in [(one["what"], one["count"]) for one in removed]
    assert agent.get(PATH).json()["targets"] == []


def test_a_stranger_is_told_nothing(agent: TestClient) -> None:
    del agent.headers["Authorization"]
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/test"), ("GET", "/deliveries")):
        assert agent.request(method, f"{PATH}{path}").status_code == 401


def test_webhooks_to_this_machine_are_refused_unless_allowed(home: Path, hook: HookServer) -> None:
    with TestClient(create_app(AgentSettings(home=home, slots_folder=home))) as agent:
        agent.headers["Authorization"] = f"Bearer {Users(home).add('anna')}"
        for url in (hook.url, hook.url.replace("127.0.0.1", "localhost")):
            put(agent, webhook(url))
            (answer,) = agent.post(f"{PATH}/test").json()
            assert not answer["sent"]
            assert "private network" in answer["error"]
    assert hook.script.tries == 0


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "::127.0.0.1"),
    ],
)
def test_addresses_that_only_we_can_reach_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost", "::1"])
def test_no_spelling_of_this_machine_gets_through(host: str) -> None:
    with pytest.raises((InputError, socket.gaierror)):
        find_address(host, 80, private_allowed=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/anna/take 1.wav is no audio.", "take 1.wav is no audio."),
        ("Cannot read '/home/anna b/take.wav'.", "Cannot read 'take.wav'."),
        (r"C:\Users\Anna B\take.wav is empty.", "take.wav is empty."),
        ("~/voices/anna is gone.", "anna is gone."),
        ("Use 16 kHz and/or mono.", "Use 16 kHz and/or mono."),
    ],
)
def test_reasons_name_files_but_no_places(text: str, shown: str) -> None:
    assert said("some_code", text) == shown


def test_what_a_bug_says_stays_here() -> None:
    assert said("bug", "KeyError('secret')") == ""
    news = News(event="failed", time="2026-01-01T00:00:00Z", job="j", name="Anna", kind="train", code="bug")
    assert "a bug in RVC Studio" in compose(news, "en").body


def test_both_languages_say_the_same_things() -> None:
    english, korean = words("en"), words("ko")
    assert english.keys() == korean.keys()
    for part in ("titles", "texts", "kinds", "names"):
        assert english[part].keys() == korean[part].keys()
    for event, percent in (("started", None), ("reached_50", 50), ("completed", None), ("failed", None)):
        news = News(
            event=event, time="2026-01-01T00:00:00Z", job="j", name="안나", kind="train", percent=percent
        )
        for language in ("en", "ko"):
            message = compose(news, language)
            assert "{" not in message.title + message.body
            assert "안나" in message.title
            assert payload(news, language)["event"] == event


def test_a_message_has_scores_in_words() -> None:
    scores = {"reconstruction_similarity": 0.87654, "steps": 2000, "pid": 7}
    news = News(
        event="completed", time="2026-01-01T00:00:00Z", job="j", name="A", kind="train", scores=scores
    )
    body = compose(news, "en").body
    assert "Likeness of the voice: 0.8765" in body
    assert "Steps: 2000" in body
    assert "pid" not in body


def test_settings_that_cannot_be_read_are_said(home: Path) -> None:
    assert read_settings(home).smtp is None
    (home / SETTINGS).write_text('{"tries": "many"}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_settings(home)
    assert caught.value.code == "bad_settings"


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        Preferences.model_validate({"targets": [], "colour": "red"})
