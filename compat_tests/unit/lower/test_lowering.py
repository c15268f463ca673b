"""Which device a user's choice means."""

from __future__ import annotations

import pytest

from mabridge.errors import UnsupportedOptionError
from mabridge.lower.lowering import resolved_device


class _Torch:
    __version__ = "9.9"

    class cuda:  # noqa: N801 - torch's own name
        seen = False

        @classmethod
        def is_available(cls) -> bool:
            return cls.seen


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> type[_Torch.cuda]:
    """A torch that sees a GPU or not, as the test says."""
    monkeypatch.setitem(__import__("sys").modules, "torch", _Torch)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    monkeypatch.setattr(_Torch.cuda, "seen", False)
    return _Torch.cuda


def test_the_cpu_is_the_cpu_without_a_look_at_torch() -> None:
    assert resolved_device("cpu") == "cpu"


@pytest.mark.parametrize(("seen", "device"), [(True, "cuda"), (False, "cpu")])
def test_auto_takes_a_gpu_where_there_is_one(torch: type[_Torch.cuda], seen: bool, device: str) -> None:
    torch.seen = seen
    assert resolved_device("auto") == device


def test_a_gpu_asked_for_by_name_has_to_be_there(torch: type[_Torch.cuda]) -> None:
    with pytest.raises(UnsupportedOptionError, match=r"sees no GPU"):
        resolved_device("cuda:1")
    torch.seen = True
    assert resolved_device("cuda:1") == "cuda:1"


def test_another_device_is_refused_by_name(torch: type[_Torch.cuda]) -> None:
    with pytest.raises(UnsupportedOptionError, match=r"tpu is not known"):
        resolved_device("tpu")


def test_without_torch_auto_is_the_cpu_and_a_gpu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert resolved_device("auto") == "cpu"
    with pytest.raises(UnsupportedOptionError, match=r"needs torch"):
        resolved_device("cuda")
