"""Research as a job: planned, searched, read and written step by step, within limits that were set before it began."""
