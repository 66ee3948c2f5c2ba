"""What the agent answers, one module for every kind of thing."""
