"""How large the files of a saved model may be before they are refused.

The numbers lie far above any real model (about 1,270 were looked at) and well below what would exhaust a machine.
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """The bounds within which a saved model is read.

    Attributes:
        json_bytes: text of one JSON document (a stage's metadata, a manifest).
        model_json_bytes: text of the metadata of all stages of one model.
        json_values: values in one JSON document.
        json_depth: nesting of one JSON document.
        stages: stages of one model, nested ones included.
        stage_depth: nesting of stages within stages.
        entries: files and folders in one folder, or in one zip file.
        zip_directory_bytes: size of a zip file's own list of entries.
        zip_free_bytes: bytes that a zip file, or one entry of it, may unpack to at any ratio.
        zip_ratio: unpacked bytes for each packed byte, beyond `zip_free_bytes`.
        payload_bytes: bytes of one file of data, on disk and, in a zip file, unpacked.
        footer_bytes: bytes of one parquet footer.
        rows: rows of one data table.
        values: values of one data table, all columns together.
        table_bytes: memory of one decoded data table.
        free_values: values that a table may have however few bytes it takes on disk: a column of zeros takes next to none.
        values_per_byte: how many values more each byte on disk may stand for.
    """

    json_bytes: int = 64 * MIB
    model_json_bytes: int = 256 * MIB
    json_values: int = 4_000_000
    json_depth: int = 200
    stages: int = 10_000
    stage_depth: int = 32
    entries: int = 100_000
    zip_directory_bytes: int = 16 * MIB
    zip_free_bytes: int = 64 * MIB
    zip_ratio: int = 100
    payload_bytes: int = 8 * GIB
    footer_bytes: int = 64 * MIB
    rows: int = 200_000_000
    values: int = 2_000_000_000
    table_bytes: int = 8 * GIB
    free_values: int = 1 << 24
    values_per_byte: int = 200


DEFAULT_LIMITS = Limits()
