"""The page of a voice's dataset: its takes, their sound, and how good they are."""
