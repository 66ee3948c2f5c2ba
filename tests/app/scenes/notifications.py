"""States of the page of notifications."""

from datetime import timedelta

from rvcstudio.app import App
from rvcstudio.hub import HERE
from rvcstudio.notify import Kind, News
from tests.app.scenes.jobs import NOW

TOLD: tuple[tuple[Kind, str, str, str], ...] = (
    ("started", HERE, "Mina Park", "It has started."),
    ("done", "studio-pc", "Chorus, second take", "The recordings are converted."),
    (
        "attention",
        HERE,
        "김하준",
        "It only learns its recordings by heart now. You can stop and keep the best.",
    ),
    ("failed", HERE, "Podcast host", "The disk is full. Free some space, then try again."),
    ("done", HERE, "Mina Park, draft", "The voice is ready."),
)


def history(app: App) -> None:
    """Show what was told until now."""
    assert app.studio.notifier is not None
    for number, (kind, computer, title, text) in enumerate(reversed(TOLD)):
        time = NOW - timedelta(minutes=37 * (len(TOLD) - number))
        news = News(kind=kind, computer=computer, job=f"job-{number}", title=title, text=text, time=time)
        app.studio.notifier.history.add(news)
    app.studio.go("notifications")
