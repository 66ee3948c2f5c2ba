"""`python -m rvc` is `rvc`."""

import sys

from rvc.cli import main

sys.exit(main())
