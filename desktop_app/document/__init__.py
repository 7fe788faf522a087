"""One open plan: the file, its edits, its history, and the way from rows to engine types."""
