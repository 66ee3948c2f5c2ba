"""How good a voice is: trials, judges, reports and blind listening."""
