"""The desktop app: record, train, convert, listen."""
