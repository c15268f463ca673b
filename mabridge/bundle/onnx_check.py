"""Whether an ONNX file refers to data outside itself, found by walking its protobuf fields; onnx itself need not be installed."""

from __future__ import annotations

from collections.abc import Iterator

#: Protobuf field numbers: TensorProto.external_data and data_location.
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14

#: Messages that can hold a tensor: message -> {field number: message it holds} (onnx.proto3, IR version 10).
_HOLDS: dict[str, dict[int, str]] = {
    "Model": {7: "Graph", 20: "Training", 25: "Function"},
    "Training": {1: "Graph", 2: "Graph"},
    "Function": {7: "Node", 11: "Attribute"},
    "Graph": {1: "Node", 5: "Tensor", 15: "SparseTensor"},
    "Node": {5: "Attribute"},
    "Attribute": {5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "SparseTensor", 23: "SparseTensor"},
    "SparseTensor": {1: "Tensor", 2: "Tensor"},
    "Tensor": {},
}


def holds_external_data(content: bytes) -> bool:
    """Whether any tensor is kept elsewhere; what cannot be read counts as such."""
    # A tensor kept elsewhere says where under the key `location`; without the word there is none, and a large model need not be walked.
    if b"location" not in content:
        return False
    stack = [("Model", memoryview(content), 0)]
    try:
        while stack:
            kind, view, depth = stack.pop()
            if depth > 64:
                return True
            for number, value in _fields(view):
                if kind == "Tensor" and (number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value != 0)):
                    return True
                inner = _HOLDS[kind].get(number)
                if inner is not None and isinstance(value, memoryview):
                    stack.append((inner, value, depth + 1))
    except (IndexError, ValueError):
        return True
    return False


def _fields(view: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(view):
        tag, at = _varint(view, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(view, at)
            yield number, value
        elif wire == 2:
            length, at = _varint(view, at)
            if at + length > len(view):
                raise ValueError("a field ends behind the file")
            yield number, view[at : at + length]
            at += length
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            raise ValueError("a wire type that ONNX does not use")


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")
