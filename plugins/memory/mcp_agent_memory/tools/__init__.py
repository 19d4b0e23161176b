"""What a model may call: one file for what belongs together."""
