"""The retrieval index: the content features of a voice's own recordings, searched exactly.

A conversion may move what was said towards how this voice says it. The file is one of faiss', which the community's
tools read; nothing is trained for it, because searching all rows takes a hundredth of the time that speaking takes.
"""

import re
import sys
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import faiss
import numpy as np
import torch
from torch import Tensor

from rvc import paths
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.names import is_visible
from rvc.synthesis import index_file
from rvc.synthesis.bank import Bank, PlainBank, bank_of
from rvc.synthesis.index_file import Form, NotAnIndexError

NEIGHBOURS = 8
MAX_ROWS = 200_000  # more than an hour of speech; above it the rows are reduced to centres
CENTRES = 10_000
KMEANS_ROUNDS = 10
KMEANS_ROWS_PER_CENTRE = 64
BLOCK_ROWS = 16_384  # that are unpacked and searched at a time
BLOCK_QUERIES = 1024
HAS_ONE_OPENMP = (
    sys.platform != "darwin"
)  # there faiss and torch bring one each, and two that compute end a program
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
    """A bank of content features (N, dim)."""

    def __init__(self, rows: Tensor | Bank) -> None:
        self._bank = PlainBank.of(rows) if isinstance(rows, Tensor) else rows

    def __len__(self) -> int:
        return len(self._bank)

    @property
    def dim(self) -> int:
        return self._bank.dim

    @property
    def nbytes(self) -> int:
        """How much memory the rows take."""
        return self._bank.nbytes

    @property
    def vectors(self) -> Tensor:
        """All rows, float32."""
        return self._bank.rows.float()

    def to(self, device: torch.device | str) -> "RetrievalIndex":
        return RetrievalIndex(self._bank.to(device))

    def unpacked(self) -> "RetrievalIndex":
        """Return it with its rows in float32: more memory, and quicker to search for a few features at a time."""
        return RetrievalIndex(PlainBank(self.vectors))

    def search(self, features: Tensor, k: int = NEIGHBOURS) -> Neighbours:
        """Find the `k` nearest rows of each of (T, dim) features, all of them when there are fewer."""
        k = min(k, len(self))
        found = [self._search(queries, k) for queries in features.float().split(BLOCK_QUERIES)]
        return Neighbours(torch.cat([one.distances for one in found]), torch.cat([one.rows for one in found]))

    def _search(self, queries: Tensor, k: int) -> Neighbours:
        """Search block by block; the few rows found are measured again from their differences.

        A product's rounding takes the last digits of small distances.
        """
        starts = range(0, len(self), BLOCK_ROWS)
        found = [_nearest(queries, self._bank.read(start, start + BLOCK_ROWS), k) for start in starts]
        scores = torch.cat([one.distances for one in found], dim=1)
        numbers = torch.cat([start + one.rows for start, one in zip(starts, found, strict=True)], dim=1)
        rows = numbers.gather(1, scores.topk(k, dim=1, largest=False).indices)
        distances = (queries[:, None] - self._bank.take(rows)).square().sum(dim=-1)
        distances, order = distances.sort(dim=1, stable=True)
        return Neighbours(distances, rows.gather(1, order))

    def blend(self, features: Tensor, rate: float) -> Tensor:
        """Move (T, dim) features towards their neighbours: not at all at `rate` 0, all the way at 1."""
        self.require_dim(features.shape[1])
        if rate == 0:
            return features
        found = self.search(features)
        retrieved = torch.einsum("tk,tkd->td", found.weights, self._bank.take(found.rows))
        return rate * retrieved + (1 - rate) * features

    def require_dim(self, dim: int) -> None:
        """Raise `InputError` unless the index holds features of `dim` dimensions."""
        if dim != self.dim:
            raise InputError(
                "wrong_index",
                f"The index holds features of {self.dim} dimensions, but the voice understands {dim}.",
                "Use the index that was built for this voice.",
            )

    def save(self, path: Path, form: Form = "exact") -> None:
        """Write the index; packed forms are smaller, and their neighbours less exact."""
        with paths.atomic(path) as temporary:
            temporary.write_bytes(index_file.serialize(self._bank.rows.cpu().numpy(), form))


def _nearest(queries: Tensor, vectors: Tensor, k: int) -> Neighbours:
    """Find the `k` nearest of rows (n, dim), all where there are fewer; distances lack what all of a query's share."""
    k = min(k, len(vectors))
    if queries.device.type == "cpu" and HAS_ONE_OPENMP:
        distances, rows = faiss.knn(queries.contiguous().numpy(), vectors.numpy(), k)
        return Neighbours(torch.from_numpy(distances), torch.from_numpy(rows))
    halved_norms = vectors.square().sum(dim=1) / 2  # |q - v|²/2 without |q|²/2
    return Neighbours(*torch.addmm(halved_norms, queries, vectors.T, alpha=-1).topk(k, dim=1, largest=False))


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
    """Write an index into a folder as the community's tools make and name theirs; return the file's path."""
    found = load(path)
    out = folder / index_file.community_name(len(found), voice)
    with paths.atomic(out) as temporary:
        temporary.write_bytes(index_file.serialize_for_tools(found.vectors.numpy()))
    return out


def write_index(prepared: Path, out: Path, reporter: Reporter, form: Form = "exact") -> Path:
    """Build the index of a prepared dataset, write it to `out`, and return that path."""
    if out.is_dir() or not out.name:
        raise InputError("not_a_file", f"{out} is a folder.", "Name the file to write, such as voice.index.")
    paths.make_dir(out.parent)
    index = build(Prepared.open(prepared), reporter)
    index.save(out, form)
    return out


def build(prepared: Prepared, reporter: Reporter) -> RetrievalIndex:
    """Gather the content features of the training part; the held-out part never enters an index."""
    cards = prepared.clips_of("train")
    if not cards:
        raise InputError("empty_dataset", "The dataset has no clips to build an index from.")
    rows: list[np.ndarray] = []
    with reporter.phase("index", len(cards), unit="clips") as phase:
        for file, clips in groupby(cards, key=attrgetter("file")):
            content = prepared.read(file).content
            for card in clips:
                rows.append(content[card.offset // 2 : (card.offset + card.frames) // 2])
                phase.advance()
    return RetrievalIndex(condense(torch.from_numpy(np.concatenate(rows).astype(np.float32))))


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
        stored = index_file.read(path)
    except (NotAnIndexError, MemoryError) as error:
        raise InputError(
            "not_an_index",
            f"{path.name} is not a retrieval index that can be used: {error or 'it is too large'}.",
            "Choose the model's .index file.",
        ) from error
    if not (np.isfinite(stored).all() if isinstance(stored, np.ndarray) else stored.is_finite):
        raise InputError("damaged_index", f"{path.name} is damaged: it holds values that are not numbers.")
    return RetrievalIndex(bank_of(stored)).to(device)
