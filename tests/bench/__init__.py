"""How fast this server is beside others, measured in one run: ``python -m tests.bench stdio|stages [--short]``."""
