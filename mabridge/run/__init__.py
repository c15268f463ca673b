"""Running a converted model: over files on the local engine or Ray, and over a user's own Dataset."""

from mabridge.run.predict import RunReport, predict
from mabridge.run.predictor import Predictor, is_ray_dataset, transform_dataset
from mabridge.run.source import read_schema

__all__ = ["Predictor", "RunReport", "is_ray_dataset", "predict", "read_schema", "transform_dataset"]
