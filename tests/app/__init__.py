"""Tests of the desktop app, with the real widgets and without a screen."""
