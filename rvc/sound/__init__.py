"""Sound: files, streams, levels, and what a recording holds."""
