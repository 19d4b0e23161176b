"""What can be wrong with an installation, looked for one by one, each with the command that mends it.

finding.py    what a check says
machine.py    Python, the clock, the disk, the folders of this home
settings.py   the configuration, and where secrets are kept
libraries.py  what each plugin's package needs and has
plugins.py    plugins as they load, and their connections with a real call
assistants.py the clients that start this agent, and the instances that run
"""
