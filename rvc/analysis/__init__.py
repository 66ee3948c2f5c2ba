"""What networks hear in speech: content, pitch, and who speaks."""
