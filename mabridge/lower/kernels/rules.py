"""The kernel of `ApplyRules`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import ApplyRules
from mabridge.plan.ops.rules import ITEM_TYPES
from mabridge.plan.types import ArrayType, arrow_type

Places = npt.NDArray[np.int64]

#: How many pairs of a row and an item are kept track of together, one byte each, and twice.
CELLS = 2**23
#: How many pairs of a row and a rule are looked at together: the working memory is some tens of bytes each.
PAIRS = 2**20


def apply_rules(op: ApplyRules, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `ApplyRules`."""
    import pyarrow.compute as pc

    kind = ArrayType(ITEM_TYPES[op.element])
    items = op.items.cast(arrow_type(kind.element))
    rules = _Rules(op)

    def run(state: State) -> None:
        lists = state.scalar(op.input).arrow
        # Flattening leaves null lists out, and so do these lengths.
        lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        found = pc.index_in(lists.flatten(), value_set=items, skip_nulls=True)
        known = found.is_valid().to_numpy(zero_copy_only=False)
        rows = np.repeat(np.arange(len(lists)), lengths)[known]
        added = rules.added(rows, found.drop_null().to_numpy(zero_copy_only=False).astype(np.int64), len(lists))
        counts = np.bincount(added // rules.width, minlength=len(lists))
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        values = items.take(pa.array(added % rules.width))
        array = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values).cast(arrow_type(kind))
        state.columns[op.output] = ScalarColumn.of_arrow(kind, array)

    return run


class _Rules:
    """Rules by one item of their antecedents, the one that the fewest rules ask for: only rows that hold it are looked at."""

    def __init__(self, op: ApplyRules) -> None:
        #: A row and an item are one number, row * width + item.
        self.width = max(len(op.items), 1)
        sizes = np.diff(op.starts)
        demand = np.bincount(op.antecedents, minlength=self.width)
        rule_of = np.repeat(np.arange(len(sizes)), sizes)
        ranked = np.lexsort((demand[op.antecedents], rule_of))
        items = op.antecedents[ranked]
        first = items[op.starts[:-1]]
        order = np.argsort(first, kind="stable")
        self._starts = op.starts[:-1][order]
        self._sizes = sizes[order]
        self._items = items
        self._consequents = op.consequents[order]
        #: The rules whose first item is i are those from `_begin[i]` to `_begin[i + 1]`.
        self._begin = np.searchsorted(first[order], np.arange(self.width + 1))

    def added(self, rows: Places, items: Places, num_rows: int) -> Places:
        """The items that are added to rows, as ascending numbers row * width + item.

        Args:
            rows: the row of each item that is held, ascending.
            items: its place.
            num_rows: how many rows there are.
        """
        step = max(CELLS // self.width, 1)
        pieces = [np.empty(0, dtype=np.int64)]
        for low in range(0, num_rows, step):
            high = min(low + step, num_rows)
            first, last = np.searchsorted(rows, [low, high])
            held = np.zeros((high - low) * self.width, dtype=np.bool_)
            held[(rows[first:last] - low) * self.width + items[first:last]] = True
            pieces.append(self._added(held) + low * self.width)
        return np.concatenate(pieces)

    def _added(self, held: Bools) -> Places:
        entries = np.flatnonzero(held)
        counts = np.diff(self._begin)[entries % self.width]
        ends = np.cumsum(counts)
        added = np.zeros(len(held), dtype=np.bool_)
        start, done, total = 0, 0, int(ends[-1]) if len(ends) else 0
        while done < total:
            stop = max(int(np.searchsorted(ends, done + PAIRS, side="right")), start + 1)
            added[self._consequences(held, entries[start:stop], counts[start:stop])] = True
            start, done = stop, int(ends[stop - 1])
        return np.flatnonzero(added & ~held)

    def _consequences(self, held: Bools, entries: Places, counts: Places) -> Places:
        """What follows in the rows of these entries from the rules whose first item they are."""
        base = np.repeat(entries - entries % self.width, counts)
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        rule = np.repeat(self._begin[entries % self.width], counts) + within
        step = 1
        asked = self._sizes[rule] > step
        while asked.any():
            holds = np.ones(len(rule), dtype=np.bool_)
            holds[asked] = held[base[asked] + self._items[self._starts[rule[asked]] + step]]
            base, rule = base[holds], rule[holds]
            step += 1
            asked = self._sizes[rule] > step
        found: Places = base + self._consequents[rule]
        return found
