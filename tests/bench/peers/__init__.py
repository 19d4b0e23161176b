"""The servers that ours is measured beside: each offers one tool, ``echo(text)``, and runs in its own environment."""
