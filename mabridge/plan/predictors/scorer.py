"""What every scorer says about itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Scorer:
    """From a feature vector to a fixed number of scores."""

    @property
    def num_scores(self) -> int:
        """How many scores a row gets."""
        raise NotImplementedError(f"{type(self).__name__} does not say how many scores it gives")

    @property
    def num_features(self) -> int | None:
        """How many features the model was fitted on; None where the saved model does not say."""
        raise NotImplementedError(f"{type(self).__name__} does not say how many features it takes")

    @property
    def needed_features(self) -> int:
        """How many features a row must have at least."""
        return self.num_features or 0

    @property
    def takes_longer_rows(self) -> bool:
        """Whether Spark accepts rows of more features than `needed_features`, and looks at the first ones alone."""
        return False

    @property
    def reads_features(self) -> bool:
        """Whether it looks at a row's vector at all; where it does not, a null vector is scored like any other."""
        return True

    def check(self) -> None:
        """Check that the arrays fit together: they may come from a file that somebody else wrote.

        Raises:
            ValueError: they do not.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be checked")
