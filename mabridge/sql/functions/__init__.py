"""Spark's functions and operators, one table row each, one module for each family."""
