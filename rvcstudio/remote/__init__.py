"""Other machines that do the work."""
