"""Waveform and spectrogram of a take, to look at, to listen to and to select in."""

from rvcstudio.ui.waveform.view import WaveView
from rvcstudio.ui.waveform.window import Window

__all__ = ["WaveView", "Window"]
