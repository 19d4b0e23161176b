"""What is kept, and how: SQLite, one file a home, shared by any number of processes."""
