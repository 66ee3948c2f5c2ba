"""The headless service: POST /model/train."""
