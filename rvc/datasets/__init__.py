"""From recordings to a prepared dataset."""
