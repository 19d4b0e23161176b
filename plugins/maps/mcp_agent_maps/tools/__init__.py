"""What an assistant can call."""
