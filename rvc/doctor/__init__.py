"""The doctor: looks at the machine and the installation, and says what is wrong and what to do about it.

Nothing that is broken ends it: what loads native code runs in processes of its own, and a check that fails is a
finding. Imports no torch.
"""
