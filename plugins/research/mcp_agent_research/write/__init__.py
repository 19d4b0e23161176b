"""Planning and writing: by a model where there is one, by words where there is none; and the report as Markdown."""
