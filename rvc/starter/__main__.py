"""The starter's commands: `python -m rvc.starter COMMAND ...`."""

import sys

from rvc.starter.commands import main

sys.exit(main())
