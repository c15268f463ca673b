"""RegexTokenizer: a text split at the matches of a Java pattern, or into them.

Reads: params only.
Returns: the output column, array of strings.
Refuses: a pattern that holds what mabridge does not match as Java 17 does (`mabridge.java_regex` names it), such as references to groups.
Differs from Spark: in the locales that Tokenizer names; and a text with characters beyond U+FFFF is refused where the pattern may match nothing or looks
around, as Java then sees halves of surrogate pairs (docs/adr/0006-halves-of-surrogate-pairs.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, check_java_pattern, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of RegexTokenizer (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    pattern: str = r"\s+"
    gaps: bool = True
    min_token_length: int = 1
    to_lowercase: bool = True


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One split."""
    params = stage.params
    problem = check_java_pattern(params.pattern)
    if problem is not None:
        raise stage.refuse(
            f"the pattern {params.pattern!r} is not supported: {problem}", "Write it in Spark without that, check that the tokens stay, and save again"
        )
    if params.min_token_length < 0:
        raise stage.malformed(f"minTokenLength is {params.min_token_length}; Spark accepts 0 and more.")
    yield ops.SplitText(
        params.input_col, output_or_default(stage, params.output_col), params.pattern, params.gaps, params.to_lowercase, params.min_token_length
    )


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.RegexTokenizer", params=Params, translate=translate, training_only=frozenset(), since="1.4.0")
