"""Pictures, other formats and computed values: by LibreOffice, where it is installed."""
