"""A model on its way to another process: as JSON and Arrow bytes, never as a pickled object of ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from mabridge.model import Model


def shipped(model: Model) -> tuple[str, dict[str, bytes]]:
    """A model's plan and arrays as text and bytes."""
    from mabridge.plan.store import plan_to_json

    plan, arrays = plan_to_json(model.steps, model.reference)
    packed: dict[str, bytes] = {}
    for name, array in arrays.items():
        sink = pa.BufferOutputStream()
        batch = pa.record_batch({"values": array})
        with pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
        packed[name] = sink.getvalue().to_pybytes()
    return json.dumps(plan), packed


def model_of(packed: tuple[str, dict[str, bytes]]) -> Model:
    """The model that `shipped` packed."""
    from mabridge.model import Model
    from mabridge.plan.store import plan_from_json

    text, arrays = packed
    unpacked = {name: pa.ipc.open_file(pa.py_buffer(content)).read_all().column(0).combine_chunks() for name, content in arrays.items()}
    return Model(*plan_from_json(json.loads(text), unpacked))
