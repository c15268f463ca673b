"""A company's own translators."""
