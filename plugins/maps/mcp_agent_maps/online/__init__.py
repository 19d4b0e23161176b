"""Services on the web: asked seldom, one after the other, and never twice for the same."""
