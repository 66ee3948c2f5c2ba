"""Whether recordings are fit to train a voice on: measures, findings, a verdict, and the report that shows them.

`report.inspect` does all of it. `docs/quality.md` says where the thresholds come from.
"""
