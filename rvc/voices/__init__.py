"""Voices on disk: our own files, the community's, and the way between them."""
