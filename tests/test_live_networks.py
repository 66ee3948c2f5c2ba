"""What a live conversion computes in."""

import pytest
import torch

from rvc import device
from rvc.live.networks import precision_for


@pytest.mark.parametrize("fast", [torch.bfloat16, torch.float32])
def test_a_cpu_that_is_fast_in_bf16_speaks_live_in_it(
    fast: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "natural_dtype", lambda _device: fast)
    cpu = torch.device("cpu")
    assert precision_for("auto", cpu) == ("bf16" if fast == torch.bfloat16 else "auto")
    assert precision_for("fp32", cpu) == "fp32"
    assert precision_for("auto", torch.device("cuda")) == "auto"
