"""Conversion while somebody speaks: the stages of `rvc.synthesis`, fed block by block (docs/live.md)."""
