"""All cases."""

from __future__ import annotations

import importlib

from compat_tests.record.core import Case

#: One module per stage family, each with `cases() -> list[Case]`.
FAMILIES = (
    "sql_transformer",
    "sql_numbers",
    "sql_conditions",
    "sql_texts",
    "imputer",
    "string_indexer",
    "one_hot_encoder",
    "vector_assembler",
    "standard_scaler",
    "min_max_scaler",
    "bucketizer",
    "binarizer",
    "max_abs_scaler",
    "robust_scaler",
    "normalizer",
    "elementwise_product",
    "selectors",
    "pca",
    "polynomial_expansion",
    "lsh",
    "dct",
    "target_encoder",
    "logistic_regression",
    "linear_regression",
    "decision_tree",
    "random_forest",
    "gbt",
    "clustering",
    "regression",
    "tokenizer",
    "stop_words_remover",
    "word_counts",
    "feature_hasher",
    "word2_vec",
    "text_pipeline",
    "pipeline",
    "pipeline_rows",
    "old_versions",
    "linear_svc",
    "naive_bayes",
    "perceptron",
    "factorization_machine",
    "one_vs_rest",
    "tuning",
    "column_metadata",
    "vector_slicer",
    "vector_size_hint",
    "interaction",
    "index_to_string",
    "vector_indexer",
    "r_formula",
    "als",
    "fpm",
    "lda",
)


def all_cases() -> list[Case]:
    """Every case of every family, in the order in which they are recorded."""
    return [case for family in FAMILIES for case in importlib.import_module(f"compat_tests.record.{family}").cases()]
