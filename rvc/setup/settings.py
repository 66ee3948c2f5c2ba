"""What `rvc setup` can be told."""

from typing import Literal

from pydantic import Field

from rvc.config import Config

INDEX = "https://download.pytorch.org/whl/{tag}"

BuildName = Literal["auto", "default", "cpu", "cu130", "cu128", "cu126", "rocm", "xpu", "mps"]


class SetupConfig(Config):
    """Which packages the engine gets, and from where."""

    build: BuildName = Field(
        "auto", description="of PyTorch: auto looks at GPU and driver; default is the package index's own"
    )
    extras: str = Field(
        "engine,evaluate,formats", description="what is installed, by the names of the program's extras"
    )
    torch_index: str = Field(
        INDEX,
        description="where PyTorch's builds are, for mirrors; {tag} stands for the build's folder",
    )
    repair: bool = Field(
        False, description="compare every installed file with its hash, and mend what differs"
    )
