"""Why something does not run: facts from a cluster, put together into causes."""
