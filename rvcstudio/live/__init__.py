"""Live conversion: the engine's process that hears and speaks, and what is remembered of it."""
