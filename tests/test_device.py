import pytest
import torch

from rvc import device
from rvc.errors import InputError

CPU = torch.device("cpu")


def test_a_device_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="no device called cuda:99"):
        device.pick("cuda:99")
    with pytest.raises(InputError, match="no device called toaster"):
        device.pick("toaster")


def test_auto_is_a_device_that_computes() -> None:
    chosen = device.pick()
    assert (torch.ones(2, device=chosen) + 1).sum().item() == 4


def test_a_cpu_computes_in_fp32_unless_told_otherwise() -> None:
    assert device.dtype_for("auto", CPU) == torch.float32
    assert device.dtype_for("bf16", CPU) == torch.bfloat16


@pytest.mark.parametrize(
    ("dtype", "expected"), [(torch.float32, torch.float32), (torch.bfloat16, torch.bfloat16)]
)
def test_autocast_changes_heavy_layers_only_when_asked(dtype: torch.dtype, expected: torch.dtype) -> None:
    layer = torch.nn.Linear(4, 4)
    with device.autocast(CPU, dtype)():
        assert layer(torch.ones(1, 4)).dtype == expected
