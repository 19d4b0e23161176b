"""What Steam keeps on this machine. Everything here only reads."""
