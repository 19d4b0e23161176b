"""Setting up, step by step: which plugins, what each needs to know, its secrets, and into which assistants.

face.py      what a wizard needs of a terminal or a window: a Protocol
steps.py     the steps, in order; nothing is changed before the person has seen it all
plugins.py   what each plugin asks for, and what it finds on this machine
answers.py   texts that a person types, as values of settings
screen.py    a Face as a window of the terminal, with Textual; its widgets are in questions.py
"""
