"""From a prepared dataset to a voice: the loop, its recipes, and all that keeps it safe."""
