"""The page where takes are recorded, and its parts."""
