"""ML attributes: what Spark writes about a column's meaning into its metadata (`org.apache.spark.ml.attribute`, Spark 3.5).

A numeric column may carry one attribute, a vector column a group of them, one a feature. They live under the key `ml_attr` of the column's metadata.
Labels stay in the Arrow array they came in, and the names of a wide vector are made where somebody looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

#: The metadata key.
ML_ATTR = "ml_attr"


@dataclass(frozen=True, eq=False)
class Labels:
    """The values of a nominal attribute.

    Attributes:
        array: string array.
        more: values behind those of the array.
    """

    array: pa.Array
    more: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: tuple[str, ...] | list[str]) -> Labels:
        """Labels from Python strings."""
        return cls(pa.array(texts, type=pa.string()))

    def __len__(self) -> int:
        return len(self.array) + len(self.more)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Labels) and self.to_list() == other.to_list()

    __hash__ = None  # type: ignore[assignment]

    def to_array(self) -> pa.Array:
        """All values as one string array."""
        return pa.concat_arrays([self.array, pa.array(self.more, type=pa.string())]) if self.more else self.array

    def to_list(self) -> list[str]:
        """All values as Python strings."""
        return [*self.array.to_pylist(), *self.more]


@dataclass(frozen=True)
class NumericAttribute:
    """A feature whose values are amounts.

    Attributes:
        name: the feature's name.
        min, max, std, sparsity: its statistics; finite or not, as somebody wrote them.
    """

    name: str | None = None
    min: float | None = None
    max: float | None = None
    std: float | None = None
    sparsity: float | None = None

    @property
    def num_values(self) -> int | None:
        """How many categories there are: none."""
        return None

    def to_json(self) -> dict[str, Any]:
        """As Spark writes it, without the type."""
        found = {"name": self.name, "min": self.min, "max": self.max, "std": self.std, "sparsity": self.sparsity}
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True)
class NominalAttribute:
    """A feature whose values are the indices of categories.

    Attributes:
        name: the feature's name.
        ordinal: whether the categories have an order.
        count: how many categories there are, where they have no values.
        values: the category of each index.
    """

    name: str | None = None
    ordinal: bool | None = None
    count: int | None = None
    values: Labels | None = None

    @property
    def num_values(self) -> int | None:
        """How many categories there are, where it says so."""
        return self.count if self.values is None else len(self.values)

    def to_json(self) -> dict[str, Any]:
        """As Spark writes it, without the type."""
        found = {"name": self.name, "ord": self.ordinal, "num_vals": self.count, "vals": None if self.values is None else self.values.to_list()}
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True)
class BinaryAttribute:
    """A feature whose values are 0 and 1.

    Attributes:
        name: the feature's name.
        values: what 0 and 1 stand for.
    """

    name: str | None = None
    values: tuple[str, str] | None = None

    @property
    def num_values(self) -> int:
        """How many categories there are: 2."""
        return 2

    def to_json(self) -> dict[str, Any]:
        """As Spark writes it, without the type."""
        found: dict[str, Any] = {"name": self.name, "vals": None if self.values is None else list(self.values)}
        return {key: value for key, value in found.items() if value is not None}


Attribute = NumericAttribute | NominalAttribute | BinaryAttribute

#: What Spark calls each kind.
_TYPES: tuple[tuple[str, type[Attribute]], ...] = (("numeric", NumericAttribute), ("nominal", NominalAttribute), ("binary", BinaryAttribute))

_DEFAULT = NumericAttribute()


class AttributeGroup:
    """The attributes of a vector column.

    Attributes:
        size: number of features; None where it is not known.
    """

    def __init__(self, size: int | None, features: Mapping[int, Attribute] | Callable[[], Mapping[int, Attribute]] | None = None) -> None:
        """A group.

        Args:
            size: number of features, or None.
            features: by place, those that are more than an unnamed number, or what makes them; None where the group tells its size alone.
        """
        self.size = size
        self._features = features

    @property
    def described(self) -> bool:
        """Whether the group has attributes, not its size alone (in Spark `attributes.isDefined`), even where their number is not known."""
        return self._features is not None

    @property
    def unknown(self) -> bool:
        """Whether the group has attributes that only the data can tell: Spark reads the first row for them."""
        return self.described and self.size is None

    @cached_property
    def features(self) -> Mapping[int, Attribute]:
        """By place, ascending, the features that are more than an unnamed number."""
        if self._features is None or self.size is None:
            return {}
        made = self._features() if callable(self._features) else self._features
        return {place: feature for place, feature in sorted(made.items()) if feature != _DEFAULT}

    def feature(self, place: int) -> Attribute:
        """The attribute of one feature."""
        return self.features.get(place, _DEFAULT)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AttributeGroup) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def to_json(self) -> dict[str, Any]:
        """As Spark writes it."""
        if self.size is None:
            return {}
        if not self.described:
            return {"num_attrs": self.size}
        lists: dict[str, list[dict[str, Any]]] = {}
        for name, kind in _TYPES:
            found = [{"idx": place, **feature.to_json()} for place, feature in self.features.items() if isinstance(feature, kind)]
            if found:
                lists[name] = found
        return {"attrs": lists, "num_attrs": self.size}


#: See `AttributeGroup.unknown`.
UNKNOWN = AttributeGroup(None, {})

#: The most features that are named one by one. A file can claim any size; beyond this a group of names is `UNKNOWN` (Spark would run out of memory).
MAX_NAMED = 2**22


def named_group(size: int, features: Callable[[], Mapping[int, Attribute]]) -> AttributeGroup:
    """A group whose features have names of their own, made where somebody looks."""
    return AttributeGroup(size, features) if size <= MAX_NAMED else UNKNOWN


#: What a column can carry: one attribute (numeric columns), a group (vector columns), or nothing.
Attributes = Attribute | AttributeGroup | None


def with_name(attribute: Attribute, name: str) -> Attribute:
    """The same attribute under another name."""
    return replace(attribute, name=name)


def attributes_to_json(attributes: Attributes) -> dict[str, Any]:
    """A column's metadata, `{"ml_attr": ...}` or nothing."""
    if attributes is None:
        return {}
    if isinstance(attributes, AttributeGroup):
        return {} if attributes.unknown else {ML_ATTR: attributes.to_json()}
    # Spark leaves the type out where it is numeric.
    kind = {} if isinstance(attributes, NumericAttribute) else {"type": next(name for name, kind in _TYPES if isinstance(attributes, kind))}
    return {ML_ATTR: {**kind, **attributes.to_json()}}


def read_attribute(metadata: Any) -> Attribute | None:
    """The attribute of a numeric column, from the column's metadata.

    Args:
        metadata: what JSON gave; anything.

    Returns:
        None where there is none, or where it is not an attribute that Spark can read.
    """
    found = metadata.get(ML_ATTR) if isinstance(metadata, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    try:
        return _attribute(found, found.get("type", "numeric"))
    except ValueError:
        return None


def read_group(metadata: Any) -> AttributeGroup | None:
    """The attribute group of a vector column, from the column's metadata.

    A size that it claims costs no memory.

    Args:
        metadata: what JSON gave; anything.

    Returns:
        None where there is none, or where it is not a group that Spark can read.
    """
    found = metadata.get(ML_ATTR) if isinstance(metadata, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    try:
        size = None if "num_attrs" not in found else _whole(found["num_attrs"])
        if "attrs" not in found:
            return AttributeGroup(size)
        return AttributeGroup(size, _features(found["attrs"], size))
    except ValueError:
        return None


def _features(lists: Any, size: int | None) -> dict[int, Attribute]:
    if not isinstance(lists, Mapping) or size is None:
        raise ValueError("a group with attributes and no size")
    features: dict[int, Attribute] = {}
    for kind, _ in _TYPES:
        entries = lists.get(kind, [])
        if not isinstance(entries, list):
            raise ValueError("attributes are not a list")
        for entry in entries:
            if not isinstance(entry, Mapping):
                raise ValueError("an attribute is not an object")
            place = _whole(entry.get("idx"))
            if place >= size:
                raise ValueError("an attribute's index lies outside its group")
            features[place] = _attribute(entry, kind)
    return features


def _attribute(found: Mapping[str, Any], kind: Any) -> Attribute:
    name = None if "name" not in found else _text(found["name"])
    if kind == "numeric":
        low, high, std, sparsity = (None if key not in found else _number(found[key]) for key in ("min", "max", "std", "sparsity"))
        if (std is not None and not std >= 0) or (sparsity is not None and not 0 <= sparsity <= 1):
            raise ValueError("a statistic outside its range")
        return NumericAttribute(name, low, high, std, sparsity)
    values = None if "vals" not in found else _texts(found["vals"])
    if kind == "binary":
        if values is None:
            return BinaryAttribute(name)
        if len(values) != 2:
            raise ValueError("a binary attribute has two values")
        return BinaryAttribute(name, (values[0], values[1]))
    if kind != "nominal":
        raise ValueError("an attribute of an unknown type")
    count = None if "num_vals" not in found else _whole(found["num_vals"])
    ordinal = found.get("ord")
    if (ordinal is not None and not isinstance(ordinal, bool)) or (count is not None and values is not None):
        raise ValueError("a nominal attribute contradicts itself")
    return NominalAttribute(name, ordinal, count, None if values is None else Labels.of(values))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a name is not a text")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("values are not texts")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("a statistic is not a number")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("a statistic is not a double") from None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("a count or place is not a whole number from 0 to 2^31 - 1")
    return value
