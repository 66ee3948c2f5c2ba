"""What is recorded and how good it is: prompts and their sounds, the room, and a word on each take. No widgets here."""
