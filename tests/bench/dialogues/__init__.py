"""Dialogues to measure the memory's recall with: written for this project, in two parts that share no wording.

``tuned_on`` is what the weights of the ranking were chosen on. ``unseen`` was written before them, and nothing was
changed for its sake.
"""
