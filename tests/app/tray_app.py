"""An app with a job that runs and an icon in the tray, for tests that look at it from outside.

    python -m tests.app.tray_app

writes `there` once the system shows the icon, and ends when its input does.
"""

import sys

from PySide6.QtCore import QSocketNotifier, QTimer

from rvcstudio.app import App, prepare
from rvcstudio.hub import HERE
from rvcstudio.notify import Notifier
from rvcstudio.tray import Tray
from tests.app.scenes.jobs import JOBS, _job

LOOK_MS = 100


def main() -> int:
    application = prepare([])
    app = App(application)
    notifier = app.studio.notifier
    assert isinstance(notifier, Notifier)
    tray = Tray(app.studio, notifier)
    app.studio.jobs.take(HERE, _job(1, JOBS[0]))
    tray.open()
    timer = QTimer(interval=LOOK_MS)

    def look() -> None:
        if tray.is_there:
            timer.stop()
            sys.stdout.write("there\n")
            sys.stdout.flush()

    timer.timeout.connect(look)
    timer.start()
    reader = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    reader.activated.connect(lambda: application.quit())
    status = application.exec()
    tray.close()
    app.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
