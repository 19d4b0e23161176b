"""Ways from one place to another, over the streets of an extract."""
