"""`python -m rvc.setup.trial [DEVICE]`: one training step of a small network, on a device and on the CPU, compared.

Runs in a process of its own, because a broken torch can end the one that loads it.
"""

import json
import sys
import time
from typing import Any

STEPS = 3  # the first of which compile and warm up
RATE_HZ, N_FFT = 16000, 512
NEAR = 0.05  # of the loss; half precision and other summing orders differ by less


def main(name: str = "auto") -> dict[str, Any]:
    """Return what was tried and how it went; raises whatever torch does."""
    import torch

    from rvc import device as devices

    chosen = devices.pick(name)
    dtype = devices.dtype_for("auto", chosen)
    expected = _loss(torch.device("cpu"), torch.float32)
    started = time.perf_counter()
    loss = _loss(chosen, dtype)
    return {
        "device": str(chosen),
        "name": devices.describe(chosen),
        "torch": torch.__version__,
        "dtype": str(dtype).removeprefix("torch."),
        "seconds": round(time.perf_counter() - started, 3),
        "right": abs(loss - expected) < NEAR * abs(expected),
    }


def _loss(device: Any, dtype: Any) -> float:
    """Train a small filter to copy a tone, as a decoder learns: convolutions, spectra, a step of AdamW."""
    import torch

    from rvc import device as devices
    from rvc.analysis import spectrogram

    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv1d(1, 16, 9, padding=4), torch.nn.SiLU(), torch.nn.Conv1d(16, 1, 1)
    )
    wave = torch.sin(torch.arange(RATE_HZ) * 0.1)[None].to(device)
    net.to(device)
    optimiser = torch.optim.AdamW(net.parameters(), 1e-3)
    target = spectrogram.linear(wave, N_FFT, N_FFT // 4, N_FFT)
    loss = torch.zeros(())
    for _ in range(STEPS):
        with devices.autocast(device, dtype)():
            made = net(wave[:, None])[:, 0].float()
        loss = (spectrogram.linear(made, N_FFT, N_FFT // 4, N_FFT) - target).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return float(loss)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201
