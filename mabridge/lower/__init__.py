"""From ops to what runs: kernels over columns, and predictors."""
