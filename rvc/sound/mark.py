"""The mark in the comment of every audio file that this program makes: what a voice says is "AI generated".

It also tells such files from recordings, so that no voice is trained on what another voice said.
"""

SIGNATURE = "by RVC Studio"
COPY = f"Copied {SIGNATURE}"


def generated(voice: str) -> str:
    """Return the comment of what a voice says."""
    return f"AI generated: the voice {voice}, {SIGNATURE}"


def is_ours(comment: str) -> bool:
    """Tell by its comment whether this program made a file."""
    return comment.endswith(SIGNATURE)
