"""What Steam says over the network: the account with a key, the store without."""
