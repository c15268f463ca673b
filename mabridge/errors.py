"""Every error that mabridge raises on purpose.

The first word of a class says whose business it is: `Unsupported` is known and refused, `Malformed` is a file that is wrong, `Missing` is a thing
that is not there, `InvalidInput` and `InvalidRow` are data that does not fit the model, `Output` is a place that cannot be written, `Ambiguous` is an
installation that leaves a choice open. All are `MabridgeError`; the command line turns each into one message and exit code 2.
"""

from __future__ import annotations

from collections.abc import Sequence


class MabridgeError(Exception):
    """The base of all errors below; its text is one or more whole sentences for the user."""


class UnsupportedStageError(MabridgeError):
    """A stage, a param or a param's value that mabridge knows of and refuses."""


class UnsupportedPipelineError(MabridgeError):
    """All refusals of one pipeline together.

    Attributes:
        refusals: one whole sentence for each refused stage or param, in the order of the pipeline.
    """

    def __init__(self, refusals: Sequence[str]) -> None:
        self.refusals = tuple(refusals)
        count = len(self.refusals)
        head = "This pipeline cannot be converted:" if count == 1 else f"This pipeline cannot be converted, for {count} reasons:"
        super().__init__("\n".join([head, *(f"- {refusal}" for refusal in self.refusals)]))


class UnsupportedExpressionError(MabridgeError):
    """A SQL construct, function or type that mabridge refuses, with its place in the statement."""


class UnsupportedOptionError(MabridgeError):
    """An option, an engine or a device that this installation or this command cannot serve."""


class AmbiguousTranslatorError(MabridgeError):
    """Two installed packages bring a translator for one Spark class."""


class MalformedTranslatorError(MabridgeError):
    """An installed package's translator that cannot be loaded, or that is not one for the class that it is registered for."""


class MalformedModelError(MabridgeError):
    """A saved Spark model whose files are damaged, incomplete or not what they claim to be."""


class MalformedBundleError(MabridgeError):
    """A converted model whose files are damaged, changed or of an unknown format version."""


class MalformedDataError(MabridgeError):
    """An input file that is damaged or not of the format it claims."""


class MissingModelError(MabridgeError):
    """There is nothing at the path, or what is there is not a model."""


class MissingDataError(MabridgeError):
    """There is no input at the path."""


class MissingColumnError(MabridgeError):
    """The data lacks a column that the model reads."""


class MissingDependencyError(MabridgeError):
    """An optional package is needed and not installed; the text names the extra that brings it."""


class OutputExistsError(MabridgeError):
    """The output path exists and `--overwrite` was not given."""


class OutputFailedError(MabridgeError):
    """The output could not be written (disk full, no permission); nothing was left under the final name."""


class InvalidInputError(MabridgeError):
    """The data does not fit the model: a column of the wrong type, a vector of the wrong size."""


class InvalidRowError(InvalidInputError):
    """A row that Spark refuses too: an unseen label under `error`, a null in an assembled column.

    Attributes:
        stage: the stage that refuses, as `stages[2] StringIndexerModel (uid)`.
        column: the column whose value is refused.
        row: the row's position in the input, from 0.
        value: the value as text.
        reason: what is wrong with it and what to do, as a sentence.
    """

    def __init__(self, *, stage: str, column: str, row: int, value: str, reason: str) -> None:
        self.stage = stage
        self.column = column
        self.row = row
        self.value = value
        self.reason = reason
        super().__init__(f"{stage} refuses row {row}: column `{column}` holds {value}. {reason}")

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes send errors back; keyword-only arguments need a way through.
        return (_rebuild_invalid_row, (self.stage, self.column, self.row, self.value, self.reason))


def _rebuild_invalid_row(stage: str, column: str, row: int, value: str, reason: str) -> InvalidRowError:
    return InvalidRowError(stage=stage, column=column, row=row, value=value, reason=reason)
