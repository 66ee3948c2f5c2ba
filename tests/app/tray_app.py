"""An app with a job that runs and an icon in the tray, for tests that look at it from outside.

    python -m tests.app.tray_app

writes `there` once the system shows the icon, and what is asked of the tray; `done` and `running` on its input are what
becomes of the job, and it ends when its input does.
"""

import sys
from datetime import UTC, datetime

from PySide6.QtCore import QSocketNotifier, QTimer

from rvc.jobs import State
from rvcstudio.app import App, prepare
from rvcstudio.hub import HERE
from rvcstudio.notify import Notifier
from rvcstudio.tray import Tray
from tests.app.scenes.jobs import JOBS, _job

LOOK_MS = 100


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    application = prepare([])
    application.setQuitOnLastWindowClosed(False)
    app = App(application)
    notifier, jobs = app.studio.notifier, app.studio.jobs
    assert isinstance(notifier, Notifier)
    tray = Tray(app.studio, notifier)
    notifier.add_messenger(tray)
    notifier.opened.connect(lambda address: say(f"opened {address.job}"))
    tray.wanted.connect(lambda address: say(f"wanted {address.job}"))
    tray.shown.connect(lambda: say("shown"))
    job = _job(1, JOBS[0])
    jobs.take(HERE, job)
    tray.open()
    timer = QTimer(interval=LOOK_MS)

    def look() -> None:
        if tray.is_there:
            timer.stop()
            say("there")

    def obey() -> None:
        if (state := sys.stdin.readline().strip()) in ("done", "running"):
            jobs.take(HERE, job.model_copy(update={"state": State(state), "ended": datetime.now(UTC)}))
        else:
            application.quit()

    timer.timeout.connect(look)
    timer.start()
    reader = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    reader.activated.connect(obey)
    status = application.exec()
    tray.close()
    app.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
