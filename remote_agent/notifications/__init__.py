"""News of jobs for people who are elsewhere: what is sent to whom, in which words, and by which way."""
