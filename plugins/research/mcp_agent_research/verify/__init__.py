"""Checks a text against its sources: every claim quotes, and every quote stands where it is said to stand."""
