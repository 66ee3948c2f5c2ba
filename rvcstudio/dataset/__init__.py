"""The takes of a voice as a dataset: seen, cut, imported and judged. Nothing here draws, and nothing needs torch."""
