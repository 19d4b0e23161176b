"""The person's kubeconfig: what it names, and how to log in with it. Nothing secret of it leaves this folder but into
requests to the cluster that it belongs to.
"""
