"""mabridge's translators of Spark's own stages, in Spark's own package names: one file for each class."""
