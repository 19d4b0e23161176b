"""From typed Python functions to schemas, validators and the values that providers offer."""
