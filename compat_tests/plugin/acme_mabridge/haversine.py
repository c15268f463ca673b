"""haversine_km(lat, lon, lat, lon): the distance of two places on the globe, as Acme's Spark sessions have it registered."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.sdk import SqlFunction, types

_DOUBLE = types.DoubleType()
_RADIUS_KM = 6371.0


def _haversine(*columns: pa.Array) -> pa.Array:
    valid = np.logical_and.reduce([column.is_valid().to_numpy(zero_copy_only=False) for column in columns])
    lat, lon, other_lat, other_lon = (np.radians(column.fill_null(0.0).to_numpy(zero_copy_only=False)) for column in columns)
    half = np.sin((other_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(other_lat) * np.sin((other_lon - lon) / 2) ** 2
    return pa.array(2 * _RADIUS_KM * np.arcsin(np.sqrt(half)), mask=~valid)


HAVERSINE_KM = SqlFunction(name="haversine_km", arguments=(_DOUBLE,) * 4, result=_DOUBLE, compute=_haversine)
