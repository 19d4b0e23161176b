"""Many tools for few tokens: which tools a client sees, and how it finds the others."""
