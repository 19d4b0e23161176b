"""What is kept: sources with their passages, and an index of their words."""
