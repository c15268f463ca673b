"""Where the cases of a class lie; without Spark."""

from __future__ import annotations


def folder_of(stage_class: str) -> str:
    """`feature/string_indexer_model` for org.apache.spark.ml.feature.StringIndexerModel; classes of the root package lie under `ml`."""
    if stage_class == "pyspark.ml.pipeline.PipelineModel":
        return "ml/pipeline_model"
    *package, name = stage_class.removeprefix("org.apache.spark.").split(".")
    snake = "".join(
        f"_{c.lower()}" if i and c.isupper() and (not name[i - 1].isupper() or name[i + 1 : i + 2].islower()) else c.lower() for i, c in enumerate(name)
    )
    return f"{package[-1]}/{snake}"
