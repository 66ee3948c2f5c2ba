"""The gated convolution stack (WaveNet without autoregression) of the posterior encoder and the flow."""

import torch
from torch import Tensor, nn

from rvc.model.layers import Conv1d

KERNEL = 5


class WaveNet(nn.Module):
    """Refine (B, channels, T) in `layers` gated steps, each conditioned on the speaker."""

    def __init__(self, channels: int, layers: int, gin_channels: int) -> None:
        super().__init__()
        self.channels = channels
        widths = [2 * channels] * (layers - 1) + [channels]  # the last layer has no residual to give
        self.in_layers = nn.ModuleList(Conv1d(channels, 2 * channels, KERNEL) for _ in widths)
        self.res_skip_layers = nn.ModuleList(Conv1d(channels, width, 1) for width in widths)
        self.cond_layer = Conv1d(gin_channels, 2 * channels * layers, 1)

    def forward(self, x: Tensor, mask: Tensor, g: Tensor) -> Tensor:
        """Return the masked sum of all layers' skips; `g` is (B, gin_channels, 1)."""
        total: Tensor | float = 0.0
        conditions = self.cond_layer(g).chunk(len(self.in_layers), dim=1)
        for layer, res_skip, condition in zip(self.in_layers, self.res_skip_layers, conditions, strict=True):
            tanh, sigmoid = (layer(x) + condition).chunk(2, dim=1)
            out = res_skip(torch.tanh(tanh) * torch.sigmoid(sigmoid))
            residual, skip = out[:, : -self.channels], out[:, -self.channels :]
            if residual.shape[1]:
                x = (x + residual) * mask
            total = total + skip
        return total * mask
