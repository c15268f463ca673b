"""The plan: what a saved pipeline does to data, as values that can be checked, printed and stored."""
