"""State on disk: SQLite, shared by several processes without lost writes."""
