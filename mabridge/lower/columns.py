"""Columns of one batch while a plan runs.

A scalar column is an Arrow array, a pair of numpy values and validity, or both, whichever was made first. A vector column is a list of blocks side by side,
so that an assembler appends blocks and copies nothing; which rows Spark would hold sparse is kept as a rule and worked out only where somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.plan.reference import major_minor
from mabridge.plan.types import BooleanType, DataType, DoubleType, FloatType, NullType, arrow_type

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]


#: Arrow's own `to_pandas_dtype` needs pandas before pyarrow 18.
_DTYPES: dict[pa.DataType, np.dtype[Any]] = {
    pa.int8(): np.dtype(np.int8),
    pa.int16(): np.dtype(np.int16),
    pa.int32(): np.dtype(np.int32),
    pa.int64(): np.dtype(np.int64),
    pa.float32(): np.dtype(np.float32),
    pa.float64(): np.dtype(np.float64),
}


def both(left: Bools | None, right: Bools | None) -> Bools | None:
    """Valid where both are; None stands for valid everywhere."""
    if left is None:
        return right
    return left if right is None else left & right


class ScalarColumn:
    """A column of any type but vector; values of null rows are unspecified.

    Attributes:
        kind: its Spark type.
    """

    __slots__ = ("_arrow", "_valid", "_values", "kind")

    def __init__(self, kind: DataType, *, arrow: pa.Array | None = None, values: npt.NDArray[Any] | None = None, valid: Bools | None = None) -> None:
        self.kind = kind
        self._arrow = arrow
        self._values = values
        self._valid = valid

    @classmethod
    def of_arrow(cls, kind: DataType, array: pa.Array) -> ScalarColumn:
        """Wrap an Arrow array that already has `arrow_type(kind)`."""
        return cls(kind, arrow=array)

    @classmethod
    def of_numpy(cls, kind: DataType, values: npt.NDArray[Any], valid: Bools | None = None) -> ScalarColumn:
        """Wrap numpy values (one per row, the type's own dtype); `valid` is None where no row is null."""
        return cls(kind, values=values, valid=valid)

    def __len__(self) -> int:
        return len(self._values) if self._values is not None else len(self._arrow)  # type: ignore[arg-type]

    @property
    def arrow(self) -> pa.Array:
        """The column as an Arrow array of `arrow_type(self.kind)`."""
        if self._arrow is None and isinstance(self.kind, NullType):
            self._arrow = pa.nulls(len(self))
        if self._arrow is None:
            assert self._values is not None
            mask = None if self._valid is None else ~self._valid
            self._arrow = pa.array(self._values, type=arrow_type(self.kind), mask=mask, from_pandas=False)
        return self._arrow

    @property
    def values(self) -> npt.NDArray[Any]:
        """The rows' values, for numeric, boolean, date and timestamp columns."""
        if self._values is None:
            self._read_arrow()
        assert self._values is not None
        return self._values

    @property
    def valid(self) -> Bools | None:
        """Which rows are not null; None where none is null."""
        if self._values is None:
            array = self._arrow
            assert array is not None
            if array.null_count == 0:
                return None
            if self._valid is None:
                self._valid = array.is_valid().to_numpy(zero_copy_only=False)
        return self._valid

    def _read_arrow(self) -> None:
        array = self._arrow
        assert array is not None
        if isinstance(self.kind, NullType):
            self._values = self._valid = np.zeros(len(array), dtype=np.bool_)
            return
        self._valid = None if array.null_count == 0 else array.is_valid().to_numpy(zero_copy_only=False)
        if isinstance(self.kind, BooleanType):
            self._values = (array.fill_null(False) if array.null_count else array).to_numpy(zero_copy_only=False)
            return
        if pa.types.is_temporal(array.type):
            array = array.view(pa.int32() if pa.types.is_date32(array.type) else pa.int64())
        if len(array) == 0:
            self._values = np.empty(0, dtype=_DTYPES[array.type])
            return
        # The values buffer itself: null slots hold whatever the writer left there, and every kernel looks at `valid`.
        dtype = _DTYPES[array.type]
        buffer = array.buffers()[1]
        if buffer is None:
            self._values = np.zeros(len(array), dtype=dtype)
        else:
            self._values = np.frombuffer(buffer, dtype=dtype, count=len(array) + array.offset)[array.offset :]

    @property
    def values_are_floating(self) -> bool:
        """Whether the column can hold NaN."""
        return isinstance(self.kind, (DoubleType, FloatType))

    def take(self, rows: Bools) -> ScalarColumn:
        """The rows where the mask is true."""
        if self._values is not None:
            return ScalarColumn(self.kind, values=self._values[rows], valid=None if self._valid is None else self._valid[rows])
        return ScalarColumn(self.kind, arrow=self.arrow.filter(pa.array(rows)))


@dataclass(frozen=True)
class DenseBlock:
    """Consecutive features of a vector column, all rows stored.

    Attributes:
        values: float64, shape (rows, size); any strides.
    """

    values: Floats

    @property
    def size(self) -> int:
        return int(self.values.shape[1])

    def take(self, rows: Bools) -> DenseBlock:
        return DenseBlock(self.values[rows])


@dataclass(frozen=True)
class OneHotBlock:
    """At most one stored entry a row.

    Attributes:
        index: int, shape (rows,); the entry's place, -1 where the row stores none.
        size: number of features.
        entries: float64, shape (rows,), the stored values; None where each is 1.0.
    """

    index: Ints
    size: int
    entries: Floats | None = None

    def take(self, rows: Bools) -> OneHotBlock:
        return OneHotBlock(self.index[rows], self.size, None if self.entries is None else self.entries[rows])


@dataclass(frozen=True)
class SparseBlock:
    """Compressed sparse rows, as Spark's SparseVector stores them (indices ascend within a row; stored zeros are kept).

    Attributes:
        indptr: int64, shape (rows + 1,), starts at 0.
        indices: int32, shape (stored,).
        entries: float64, shape (stored,).
        size: number of features.
    """

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int32]
    entries: Floats
    size: int

    @cached_property
    def rows(self) -> npt.NDArray[np.int64]:
        """The row of each stored entry, shape (stored,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def take(self, rows: Bools) -> SparseBlock:
        counts = np.diff(self.indptr)
        kept = np.repeat(rows, counts)
        return SparseBlock(np.concatenate([[0], np.cumsum(counts[rows])]).astype(np.int64), self.indices[kept], self.entries[kept], self.size)


Block = DenseBlock | OneHotBlock | SparseBlock


class Layout(Protocol):
    """How Spark stores the rows of a vector column: see `VectorColumn.layout`."""

    def take(self, rows: Bools) -> Layout: ...


@dataclass(frozen=True)
class AllDense:
    """Every row is a DenseVector."""

    def take(self, rows: Bools) -> AllDense:  # noqa: ARG002 - the protocol's signature
        return self


@dataclass(frozen=True)
class AllSparse:
    """Every row is a SparseVector that stores what its blocks store."""

    def take(self, rows: Bools) -> AllSparse:  # noqa: ARG002 - the protocol's signature
        return self


@dataclass(frozen=True)
class Compressed:
    """Spark's `Vector.compressed`: a row with nnz nonzero entries is sparse where 1.5 * nnz + overhead < size, and then stores the nonzero ones alone.

    Attributes:
        overhead: what a sparse vector costs beside its entries, in doubles.
    """

    overhead: float

    @classmethod
    def of_version(cls, spark_version: str) -> Compressed:
        """The rule of a Spark version: from 4.1 on the bytes of both are compared, 12 * nnz + 28 and 8 * size + 12."""
        return cls(2.0 if major_minor(spark_version) >= (4, 1) else 1.5)

    def take(self, rows: Bools) -> Compressed:  # noqa: ARG002 - the protocol's signature
        return self


@dataclass(frozen=True)
class PerRow:
    """Each row says for itself.

    Attributes:
        sparse: shape (rows,); true where the row is a SparseVector that stores what its blocks store.
    """

    sparse: Bools

    def take(self, rows: Bools) -> PerRow:
        return PerRow(self.sparse[rows])


@dataclass(frozen=True)
class NonzeroLike:
    """The rows are sparse where those of another column are, and then store what is not zero."""

    column: VectorColumn

    def take(self, rows: Bools) -> NonzeroLike:
        return NonzeroLike(self.column.take(rows))


@dataclass(frozen=True)
class LikeColumn:
    """As another column: same rows sparse, same places stored (a scaler multiplies stored entries and leaves the rest)."""

    column: VectorColumn

    def take(self, rows: Bools) -> LikeColumn:
        return LikeColumn(self.column.take(rows))


@dataclass(frozen=True)
class ChosenFrom:
    """As some features of another column: same rows sparse, and of what they store the chosen places.

    Attributes:
        column: the other column.
        features: int64, ascending; those beyond the column's size are stored nowhere.
    """

    column: VectorColumn
    features: npt.NDArray[np.int64]

    def take(self, rows: Bools) -> ChosenFrom:
        return ChosenFrom(self.column.take(rows), self.features)


@dataclass(frozen=True)
class VectorColumn:
    """A column of vectors, all of one size.

    Attributes:
        num_rows: number of rows.
        blocks: the features from left to right; sizes add up to the vector's size.
        layout: which rows Spark would hold sparse, and what they store.
        valid: which rows are not null; None where none is null. Blocks hold unspecified values in null rows.
    """

    num_rows: int
    blocks: tuple[Block, ...]
    layout: Layout
    valid: Bools | None = None

    @property
    def size(self) -> int:
        return sum(block.size for block in self.blocks)

    def __len__(self) -> int:
        return self.num_rows

    def take(self, rows: Bools) -> VectorColumn:
        """The rows where the mask is true."""
        return VectorColumn(
            num_rows=int(np.count_nonzero(rows)),
            blocks=tuple(block.take(rows) for block in self.blocks),
            layout=self.layout.take(rows),
            valid=None if self.valid is None else self.valid[rows],
        )

    def dense(self) -> Floats:
        """All features, float64, shape (rows, size), C order; rows that are null hold unspecified values."""
        return dense_features(self, range(self.size))

    def with_blocks(self, blocks: tuple[Block, ...], layout: Layout) -> VectorColumn:
        """The same rows with other features."""
        return replace(self, blocks=blocks, layout=layout)


Column = ScalarColumn | VectorColumn


def dense_features(column: VectorColumn, features: range | npt.NDArray[np.integer[Any]]) -> Floats:
    """Some features of every row.

    Args:
        column: the vectors.
        features: which features, ascending.

    Returns:
        float64, shape (rows, len(features)), C order.
    """
    if column.num_rows == 0:
        # The list of all features alone takes 16 GiB where a hasher has 2^31 of them.
        return np.empty((0, len(features)), dtype=np.float64)
    wanted = np.asarray(features, dtype=np.int64)
    out = np.empty((column.num_rows, len(wanted)), dtype=np.float64)
    start = 0
    for block in column.blocks:
        low, high = np.searchsorted(wanted, [start, start + block.size])
        if high > low:
            _fill(out[:, low:high], block, wanted[low:high] - start)
        start += block.size
    return out


def _fill(target: Floats, block: Block, local: npt.NDArray[np.int64]) -> None:
    """Write the features `local` of one block into `target`, shape (rows, len(local))."""
    if isinstance(block, DenseBlock):
        np.copyto(target, block.values if len(local) == block.size else block.values[:, local])
        return
    target[:] = 0.0
    place = np.full(block.size + 1, -1, dtype=np.int64)
    place[local] = np.arange(len(local))
    if isinstance(block, OneHotBlock):
        where = place[block.index]
        rows = np.flatnonzero(where >= 0)
        target[rows, where[rows]] = 1.0 if block.entries is None else block.entries[rows]
    else:
        where = place[block.indices]
        kept = where >= 0
        target[block.rows[kept], where[kept]] = block.entries[kept]
