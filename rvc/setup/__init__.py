"""The engine's installation: looks at this computer, fetches the right PyTorch, tries it, repairs it, undoes it.

Runs on what the app alone needs; `installation` is where to begin. Imports no torch.
"""
