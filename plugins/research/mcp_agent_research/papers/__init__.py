"""Scholarly works: OpenAlex, arXiv and Crossref, merged; and what is known of a DOI."""
