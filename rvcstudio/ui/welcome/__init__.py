"""The first start: language, folder, this computer, microphone, downloads, consent. All of it can be skipped."""

from rvcstudio.ui.welcome.dialog import Welcome

__all__ = ["Welcome"]
