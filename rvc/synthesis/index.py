"""The retrieval index: the content features of a voice's own recordings, searched exactly.

A conversion may move what was said towards how this voice says it. The file is a faiss `IVF,Flat` index, as
the community's tools write and read it; in memory it is one matrix, searched by one product on any device.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import torch
from torch import Tensor

from rvc import paths
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning import data
from rvc.names import is_visible
from rvc.synthesis import index_file
from rvc.synthesis.index_file import NotAnIndexError

NEIGHBOURS = 8
MAX_ROWS = 200_000  # more than an hour of speech; above it the rows are reduced to centres
CENTRES = 10_000
KMEANS_ROUNDS = 10
KMEANS_ROWS_PER_CENTRE = 64
BLOCK_ENTRIES = 1 << 24  # distances held at a time: 64 MiB
MAX_FILE_BYTES = 4 << 30
EPOCH = re.compile(r"_(e\d+(_s\d+)?|\d+e(_\d+s)?)(_best_epoch)?$")  # what the tools add to a model's name
UNFILLED = "trained_"  # so WebUI's training names an index that holds no rows yet
MODEL_SUFFIXES = (".safetensors", ".pth")  # those that an index may lie beside, the preferred one first


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest rows of each query: squared L2 distances and row numbers, both (T, k), nearest first."""

    distances: Tensor
    rows: Tensor

    @property
    def weights(self) -> Tensor:
        """Return (1/distance)² normalised over the neighbours, (T, k); an exact hit takes all the weight."""
        nearest = self.distances[:, :1]
        closeness = torch.where(self.distances > 0, nearest / self.distances, 1.0).square()
        return closeness / closeness.sum(dim=1, keepdim=True)


class RetrievalIndex:
    """A bank of content features (N, dim) float32."""

    def __init__(self, vectors: Tensor) -> None:
        self.vectors = vectors.float().contiguous()
        self._halved_norms = self.vectors.square().sum(dim=1) / 2

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def dim(self) -> int:
        return self.vectors.shape[1]

    def to(self, device: torch.device | str) -> "RetrievalIndex":
        return RetrievalIndex(self.vectors.to(device))

    def search(self, features: Tensor, k: int = NEIGHBOURS) -> Neighbours:
        """Find the `k` nearest rows of each of (T, dim) features, all of them when there are fewer."""
        k = min(k, len(self))
        block = max(1, BLOCK_ENTRIES // len(self))
        rows = torch.cat([self._nearest(queries, k) for queries in features.float().split(block)])
        distances = torch.cat(
            [
                (queries[:, None] - self.vectors[nearest]).square().sum(dim=-1)
                for queries, nearest in zip(features.float().split(1024), rows.split(1024), strict=True)
            ]
        )
        distances, order = distances.sort(dim=1, stable=True)
        return Neighbours(distances, rows.gather(1, order))

    def _nearest(self, queries: Tensor, k: int) -> Tensor:
        # |q - v|²/2 without |q|²/2, which is the same for all v. Rounding costs it the last digits, so the
        # distances of the few rows found are computed again from their differences.
        scores = torch.addmm(self._halved_norms, queries, self.vectors.T, alpha=-1)
        return scores.topk(k, dim=1, largest=False).indices

    def blend(self, features: Tensor, rate: float) -> Tensor:
        """Move (T, dim) features towards their neighbours: not at all at `rate` 0, all the way at 1."""
        self.require_dim(features.shape[1])
        if rate == 0:
            return features
        found = self.search(features)
        retrieved = torch.einsum("tk,tkd->td", found.weights, self.vectors[found.rows])
        return rate * retrieved + (1 - rate) * features

    def require_dim(self, dim: int) -> None:
        """Raise `InputError` unless the index holds features of `dim` dimensions."""
        if dim != self.dim:
            raise InputError(
                "wrong_index",
                f"The index holds features of {self.dim} dimensions, but the voice understands {dim}.",
                "Use the index that was built for this voice.",
            )

    def save(self, path: Path, *, quantise: bool = False) -> None:
        """Write the index as the community's tools read it; `quantise` makes it some ten times smaller."""
        with paths.atomic(path) as temporary:
            temporary.write_bytes(index_file.serialize(self.vectors.cpu().numpy(), quantise=quantise))


def index_path(model: Path) -> Path:
    """Return where the index of a model's file lies: beside it, under its name."""
    return model.with_suffix(".index")


def choose(given: Path | None, model: Path, reporter: Reporter) -> Path | None:
    """Return the index to use with a model's file: the one given, else the one beside it, if there is any.

    Raises `InputError` missing_file when the one given is not there.
    """
    if given is None:
        return find_index(model, reporter)
    if not given.is_file():
        raise InputError("missing_file", f"There is no index at {given}.", "Check the path for spelling.")
    return given


def find_index(model: Path, reporter: Reporter) -> Path | None:
    """Return the index beside a model's file: the one of its name, else the only one that is no other model's."""
    if index_path(model).is_file():
        return index_path(model)
    beside = [
        path
        for path in sorted(model.parent.glob("*.index"))
        if is_visible(path) and not path.name.startswith(UNFILLED)
    ]
    named = [path for path in beside if is_named_for(path, model)]
    found = named or [path for path in beside if not _is_owned(path)]
    if len(found) > 1:
        reporter.warn(
            "several_indexes",
            f"No index is used: {model.parent} holds several, and none is called {index_path(model).name}.",
        )
    return found[0] if len(found) == 1 else None


def is_named_for(path: Path, model: Path) -> bool:
    """Tell whether an index has the name that this program, or the tools' training, gives that of a model.

    `NAME_e100_s2000.pth` (WebUI) and `NAME_100e_2000s.pth` (Applio) go with `added_..._NAME_v2.index` or `NAME.index`.
    """
    names = f"{re.escape(model.stem)}|{re.escape(EPOCH.sub('', model.stem))}"
    return re.fullmatch(rf"(added_.*_)?({names})(_v[12])?", path.stem) is not None


def _is_owned(path: Path) -> bool:
    """Tell whether an index is named for a model beside it."""
    return any(
        is_named_for(path, model) for suffix in MODEL_SUFFIXES for model in path.parent.glob(f"*{suffix}")
    )


def export(path: Path, voice: str, folder: Path) -> Path:
    """Copy an index into a folder under the name that the community's tools expect; return the copy's path."""
    vectors = load(path)
    out = folder / index_file.community_name(len(vectors), voice)
    with paths.atomic(out) as temporary:
        shutil.copyfile(path, temporary)
    return out


def write_index(prepared: Path, out: Path, reporter: Reporter, *, quantise: bool = False) -> Path:
    """Build the index of a prepared dataset, write it to `out`, and return that path."""
    if out.is_dir() or not out.name:
        raise InputError("not_a_file", f"{out} is a folder.", "Name the file to write, such as voice.index.")
    paths.make_dir(out.parent)
    index = build(Prepared.open(prepared), reporter)
    index.save(out, quantise=quantise)
    return out


def build(prepared: Prepared, reporter: Reporter) -> RetrievalIndex:
    """Gather the content features of the training part; the held-out part never enters an index."""
    clips = data.load(prepared, "train", torch.device("cpu"))
    rows = []
    with reporter.phase("index", len(clips)) as phase:
        for number in range(len(clips)):
            rows.append(clips.clip(number).content.float())
            phase.advance()
    if not rows:
        raise InputError("empty_dataset", "The dataset has no clips to build an index from.")
    return RetrievalIndex(condense(torch.cat(rows)))


def condense(vectors: Tensor, limit: int = MAX_ROWS, centres: int = CENTRES, seed: int = 0) -> Tensor:
    """Replace more than `limit` rows by `centres` k-means centres; the same seed gives the same centres."""
    if len(vectors) <= limit:
        return vectors
    kmeans = faiss.Kmeans(
        vectors.shape[1],
        centres,
        niter=KMEANS_ROUNDS,
        seed=seed,
        min_points_per_centroid=1,
        max_points_per_centroid=KMEANS_ROWS_PER_CENTRE,
    )
    kmeans.train(vectors.numpy())
    return torch.from_numpy(kmeans.centroids)


def load(path: Path, device: torch.device | str = "cpu") -> RetrievalIndex:
    """Read an `.index` file of this program, WebUI or Applio.

    Raises `InputError` for a file that is missing, damaged, not an index, or larger than any real one.
    """
    if not path.is_file():
        raise InputError("missing_file", f"There is no index at {path}.")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError("index_too_large", f"{path.name} is {size >> 30} GiB, larger than any real index.")
    try:
        vectors = index_file.read(path)
    except (NotAnIndexError, MemoryError) as error:
        raise InputError(
            "not_an_index",
            f"{path.name} is not a retrieval index that can be used: {error or 'it is too large'}.",
            "Choose the model's .index file.",
        ) from error
    if not np.isfinite(vectors).all():
        raise InputError("damaged_index", f"{path.name} is damaged: it holds values that are not numbers.")
    return RetrievalIndex(torch.from_numpy(vectors).to(device))
