"""Spark's functions that no row alone decides, with the reason; a function that is merely missing is told so by its name."""

from __future__ import annotations

_AGGREGATE = "is an aggregate, which is not row-level and is refused; aggregate before prediction."
_WINDOW = "is a window function, which is not row-level and is refused; compute the column before prediction."
_GENERATOR = "makes several rows of one, which is refused; do that before prediction."
_RANDOM = "gives another value in each run, so no conversion can keep it; make it a column of the data."
_CLOCK = "depends on when or where the job runs, so no conversion can keep it; make it a column of the data."
_CIPHER = "is encryption, which is refused, so that no key comes to stand in a converted model; compute the column before prediction."
_XML = "reads or writes XML with Java's own library, which mabridge does not have; take the values out before prediction."
_NAMES = {
    _XML: ("xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string from_xml to_xml schema_of_xml"),
    _AGGREGATE: (
        "any any_value approx_count_distinct approx_percentile array_agg avg bit_and bit_or bit_xor bitmap_construct_agg bitmap_or_agg bool_and bool_or "
        "collect_list collect_set corr count count_if count_min_sketch covar_pop covar_samp every first first_value grouping grouping_id "
        "histogram_numeric hll_sketch_agg hll_union_agg kurtosis last last_value max max_by mean median min min_by mode percentile percentile_approx "
        "regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy skewness some std stddev stddev_pop stddev_samp "
        "sum try_avg try_sum var_pop var_samp variance percentile_cont percentile_disc listagg string_agg"
    ),
    _WINDOW: "cume_dist dense_rank lag lead nth_value ntile percent_rank rank row_number",
    _GENERATOR: "explode explode_outer inline inline_outer posexplode posexplode_outer stack json_tuple",
    _RANDOM: "rand randn random randstr uniform uuid shuffle monotonically_increasing_id spark_partition_id",
    _CIPHER: "aes_encrypt aes_decrypt try_aes_encrypt try_aes_decrypt",
    _CLOCK: (
        "current_catalog current_database current_date current_schema current_timestamp current_timezone current_user curdate input_file_block_length "
        "input_file_block_start input_file_name localtimestamp now user version"
    ),
}

REFUSED: dict[str, str] = {name: reason for reason, names in _NAMES.items() for name in names.split()}
REFUSED["java_method"] = REFUSED["reflect"] = "runs Java code and is refused; compute the column before prediction."
REFUSED["sentences"] = (
    "depends on Java's tables of where words end and is refused; split the text with a regular expression, or compute the column before prediction."
)
REFUSED["collate"] = REFUSED["collation"] = (
    "needs collations, which are not supported; compare lower(...) of the columns, or compute the column before prediction."
)
