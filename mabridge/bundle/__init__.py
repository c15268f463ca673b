"""The converted model on disk: JSON, Arrow arrays and, on request, ONNX; every byte accounted for."""

from mabridge.bundle.read import Bundle, is_bundle, read_bundle
from mabridge.bundle.write import plan_digest, write_bundle

__all__ = ["Bundle", "is_bundle", "plan_digest", "read_bundle", "write_bundle"]
