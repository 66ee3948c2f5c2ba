"""The page of live conversion and its parts."""
