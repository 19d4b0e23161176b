"""Where research_search looks. An engine is a name and one function; ``search`` asks several at once."""
