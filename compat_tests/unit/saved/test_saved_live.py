"""Live pyspark models as a source; here with classes that only look like pyspark's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

import pytest
from build_saved import write_pipeline

from mabridge.errors import UnsupportedStageError
from mabridge.saved import read_saved
from mabridge.saved.live import is_live_model, save_live


class _Base:
    """Stands for pyspark.ml.base.Model."""


_Base.__module__ = "pyspark.ml.base"


class Fitted(_Base):
    """A model of somebody else's package that derives from pyspark's."""

    def __init__(self, save: Any) -> None:
        self._save = save

    def transform(self, data: Any) -> Any:
        return data

    def write(self) -> Any:
        return self

    def save(self, path: str) -> None:
        assert path.startswith("file://")
        self._save(Path(url2pathname(path.removeprefix("file://"))))


def test_objects_of_pyspark_and_of_what_derives_from_it_are_live_models() -> None:
    assert is_live_model(Fitted(None))
    assert not is_live_model("path")
    assert not is_live_model(Path())
    assert not is_live_model(type("DataFrame", (), {"__module__": "pyspark.sql.dataframe"})())


def test_model_is_saved_to_a_folder_that_is_removed_afterwards() -> None:
    with save_live(Fitted(lambda folder: write_pipeline(folder, ["a"]))) as path:
        assert read_saved(path).children[0].table().num_rows == 1
    assert not os.path.exists(path)
    assert not os.path.exists(os.path.dirname(path))


def test_folder_is_removed_after_a_failure_too() -> None:
    seen = []

    def use() -> None:
        with save_live(Fitted(lambda folder: write_pipeline(folder, ["a"]))) as path:
            seen.append(path)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use()
    assert not os.path.exists(seen[0])


def test_model_that_cannot_be_written_is_refused_with_sparks_reason() -> None:
    def refuse(folder: Path) -> None:
        raise ValueError(
            "An error occurred while calling o1.save.\n: java.lang.X\n('Pipeline write will fail on this pipeline because stage %s is not Writable', 'b')"
        )

    with pytest.raises(UnsupportedStageError, match=r"Spark could not save the .*Fitted: .*because stage .* is not Writable"), save_live(Fitted(refuse)):
        pass


def test_session_on_other_machines_is_told_apart() -> None:
    with pytest.raises(UnsupportedStageError, match="writes files on other machines"), save_live(Fitted(lambda folder: None)):
        pass


def test_estimator_is_refused() -> None:
    estimator = type("Pipeline", (_Base,), {"fit": lambda self, data: self})()
    with pytest.raises(UnsupportedStageError, match="Pipeline is not fitted: call its `fit` first"), save_live(estimator):
        pass
    unwritable = type("Odd", (_Base,), {"transform": lambda self, data: data})()
    with pytest.raises(UnsupportedStageError, match="Odd has no `write`"), save_live(unwritable):
        pass
    with pytest.raises(UnsupportedStageError, match=r"not a model of pyspark\.ml"), save_live(3):
        pass


def test_reading_a_model_loads_no_heavy_package() -> None:
    data = Path(__file__).parent / "data" / "string_indexer_pipeline_2.1.0"
    script = (
        "import sys\nfrom mabridge.saved import read_saved\nlight = set(sys.modules)\n"
        "read_saved(sys.argv[1]).children[0].table()\nimport mabridge.saved.live, mabridge.saved.inspect, mabridge.bundle\n"
        "heavy = {'pyspark', 'py4j', 'pandas', 'ray', 'torch', 'onnx', 'onnxruntime', 'yaml', 'fsspec', 'numba', 'sqlglot', 'mlflow'}\n"
        "print(sorted(heavy & set(sys.modules)), sorted({'pyarrow.parquet', 'pyarrow.fs', 'zipfile'} & light))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(data)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
