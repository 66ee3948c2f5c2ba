"""The systemd unit of an agent, so that it starts with the machine."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rvc.jobs.launch import python_environment, python_module

UNIT = """\
[Unit]
Description=RVC Studio agent
After=network-online.target

[Service]
ExecStart={command}
Environment={environment}
WorkingDirectory=%h
# jobs are processes of their own, and go on while the agent is restarted
KillMode=process
Restart=on-failure
RestartSec=5
UMask=0077
# no NoNewPrivileges: after a start of the machine CUDA makes its devices by a program with root's rights

[Install]
WantedBy=default.target
"""
HINT = """\
# Put this into {place} and run
#   systemctl --user daemon-reload && systemctl --user enable --now rvc-agent
# so that it also runs while you are logged out: loginctl enable-linger
"""


def place() -> Path:
    """Return where systemd looks for a user's unit."""
    return Path("~/.config/systemd/user/rvc-agent.service")


def write_unit(options: Sequence[str]) -> str:
    """Return a user unit that serves with these options of `rvc-agent serve`."""
    command = [sys.executable, *python_module("remote_agent"), "serve", *options]
    pairs = [shlex.quote(f"{name}={value}") for name, value in python_environment().items()]
    text = UNIT.format(command=" ".join(_escape(part) for part in command), environment=" ".join(pairs))
    return HINT.format(place=place()) + text


def _escape(part: str) -> str:
    """Quote an argument as systemd reads it: `%` and `$` mean something there."""
    return shlex.quote(part).replace("%", "%%").replace("$", "$$")
