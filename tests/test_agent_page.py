"""The status page in a real browser, on a real agent with real jobs."""

import contextlib
import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from remote_agent.app import create_app
from remote_agent.page import PARTS, POLICY
from remote_agent.settings import AgentSettings
from remote_agent.users import Users
from rvc import paths
from rvc.jobs import LocalJobs
from tests import agent_kinds
from tests.agent_kinds import LearnSpec
from tests.browser import Browser, browsing
from tests.jobs import cleared, finish, until
from tests.jobs_kinds import CountSpec
from tests.receivers import free_port

ANNA = "anna"


class Served:
    """An agent of the tests: where it is, Anna's token, and her jobs."""

    def __init__(self, port: int, token: str, jobs: LocalJobs) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"
        self.token = token
        self.jobs = jobs

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, headers, answer.read()


@contextlib.contextmanager
def serve(home: Path, **options: object) -> Iterator[Served]:
    settings = AgentSettings(home=home, kinds_module=agent_kinds.MODULE, slots_folder=home, **options)
    port, app = free_port(), create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    with cleared(home / "jobs"):
        thread.start()
        until(lambda: server.started)
        try:
            yield Served(port, Users(home).add(ANNA), app.state.agent.queues.of(ANNA))
        finally:
            app.state.agent.stopping = True
            server.should_exit = True
            thread.join()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "agent") as served:
        yield served


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as program:
        yield program


@pytest.fixture
def browser(program: Browser) -> Browser:
    program.attach()
    return program


def log_in(browser: Browser, served: Served, token: str | None = None) -> None:
    browser.open(served.url)
    browser.wait("!document.getElementById('login').hidden")
    browser.do("document.getElementById('token').focus()")
    browser.type(token or served.token)
    browser.press("Enter")


def picture(browser: Browser, name: str) -> None:
    """Keep a screenshot where a person asked for them, in RVC_STUDIO_SCREENSHOTS."""
    if folder := os.environ.get("RVC_STUDIO_SCREENSHOTS"):
        browser.screenshot(paths.make_dir(Path(folder)) / f"page-{name}.png")


def is_too_wide(browser: Browser) -> bool:
    return bool(browser.do("document.documentElement.scrollWidth > innerWidth"))


def test_a_studio_follows_its_jobs_in_a_browser(served: Served, browser: Browser) -> None:
    jobs = served.jobs
    finish(jobs, jobs.submit(CountSpec(name="A job that fails", fails=True), {}))
    running = jobs.submit(LearnSpec(name="Anna, warm and close", steps=2000, step_s=0.05), {})
    for name in ("Ben, sung", "아주 긴 이름을 가진 목소리 모델, 두 번째 녹음 세션"):
        jobs.submit(LearnSpec(name=name), {})
    browser.resize(1100)
    log_in(browser, served)
    browser.wait("document.querySelectorAll('#jobs li').length === 4")
    assert browser.do("document.querySelector('#jobs button').dataset.id") == running.id
    assert browser.do(
        "[...document.querySelectorAll('#jobs .state')].map(one => one.textContent).join()"
    ) == ("running,waiting,waiting,failed")
    points = "document.querySelector('#chart polyline.line-1')?.getAttribute('points').split(' ').length"
    few = browser.wait(points)
    browser.wait(f"{points} > {few + 10}")
    assert browser.do("document.getElementById('legend').textContent") == "loss_trainloss_held_out"
    done = browser.do("document.getElementById('detail-progress').value")
    browser.wait(f"document.getElementById('detail-progress').value > {done}")
    picture(browser, "light")
    browser.prefer("dark")
    browser.do("document.getElementById('language').click()")
    assert browser.do("document.documentElement.lang") == "ko"
    browser.wait("document.querySelector('#jobs .state').textContent === '실행 중'")
    picture(browser, "dark-ko")
    browser.resize(400)
    assert not is_too_wide(browser)
    picture(browser, "narrow-ko")
    browser.do("document.querySelector('#jobs li:last-child button').click()")
    browser.wait("document.getElementById('failure').textContent.includes('no such number')")
    browser.resize(1100)
    picture(browser, "failed")
    assert browser.complaints == []
    jobs.cancel(running.id)


def test_the_page_is_used_by_keyboard_alone(served: Served, browser: Browser) -> None:
    finish(served.jobs, served.jobs.submit(CountSpec(name="one"), {}))
    log_in(browser, served)
    browser.wait("document.querySelector('#jobs button') !== null")
    focused = "document.activeElement.dataset.id ?? document.activeElement.id"
    seen = []
    for _ in range(6):
        browser.press("Tab")
        seen.append(browser.do(focused))
    assert served.jobs.jobs()[0].id in seen
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    browser.do("document.querySelector('#jobs button').focus()")
    assert browser.do(outline) == "solid"
    browser.press("Enter")
    assert browser.do("document.getElementById('detail-title').textContent") == "one"


def test_a_wrong_token_is_said_and_forgotten(served: Served, browser: Browser) -> None:
    log_in(browser, served, "rvc_wrong")
    browser.wait("document.getElementById('notice').textContent.includes('not known')")
    assert browser.do("sessionStorage.length") == 0
    browser.do("document.getElementById('language').click()")
    picture(browser, "login-ko")
    assert not browser.do("document.getElementById('login').hidden")


def test_a_token_is_in_no_address_and_gone_after_leaving(served: Served, browser: Browser) -> None:
    log_in(browser, served)
    browser.wait("!document.getElementById('leave').hidden")
    assert served.token not in browser.do(
        "location.href + document.cookie + JSON.stringify({...localStorage})"
    )
    browser.do("document.getElementById('leave').click()")
    assert browser.do("sessionStorage.length") == 0
    assert browser.do("document.getElementById('board').hidden")


def test_names_are_text_and_never_markup(served: Served, browser: Browser) -> None:
    name = "<img src=x onerror=alert(1)><b>Anna</b>"
    finish(served.jobs, served.jobs.submit(CountSpec(name=name), {}))
    log_in(browser, served)
    browser.wait(f"document.querySelector('#jobs .name')?.textContent === {name!r}")
    assert browser.do("document.querySelectorAll('#jobs img, #jobs b').length") == 0
    assert browser.complaints == []


def test_the_page_comes_with_a_strict_policy_and_without_a_token(served: Served) -> None:
    for path in ("/", *(f"/page/{name}" for name in sorted(PARTS))):
        status, headers, body = served.get(path)
        assert (status, headers["content-security-policy"]) == (200, POLICY), path
        assert b"http://" not in body.replace(b"http://www.w3.org/2000/svg", b"")
        assert b"https://" not in body
    assert "unsafe" not in POLICY
    page = served.get("/")[2]
    assert b"style=" not in page
    assert b"<style" not in page
    assert page.count(b"<script") == 1


@pytest.mark.parametrize("path", ["/page/page.html", "/page/messages.en.json", "/page/..%2Fassets.json"])
def test_nothing_else_is_served(served: Served, path: str) -> None:
    assert served.get(path)[0] == 404


def test_the_page_can_be_left_out(tmp_path: Path) -> None:
    with serve(tmp_path / "agent", page=False) as served:
        assert [served.get(path)[0] for path in ("/", "/page/page.js", "/health")] == [404, 404, 200]
