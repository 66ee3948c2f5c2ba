"""The benchmark of the retrieval index: built and searched as here and as the incumbents do, and packed."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import torch
from torch import Tensor

from rvc.bench.material import Bench
from rvc.config import CONTENT_FRAME_RATE
from rvc.events import Reporter
from rvc.synthesis import agreement, index, index_file
from rvc.synthesis.agreement import Agreement
from rvc.synthesis.index import NEIGHBOURS, RetrievalIndex
from rvc.synthesis.index_file import Form

QUERY_S = 60  # of speech are searched for
DIM = 768  # of the features of ContentVec
CLUSTERS = 400
SPREAD = 0.5  # of a cluster, in deviations of their centres
ADDED_AT_ONCE = 8192  # rows, by the incumbents
LARGE = 100_000  # rows, from which on everything is measured once
PACKED: tuple[Form, ...] = ("int8", "pq")


def measure_index(bench: Bench) -> dict[str, float]:
    """Measure building and searching an index of made-up rows, and what packing one of the recordings loses."""
    rows = _rows(bench.config.rows)
    queries = agreement.features_like(rows, QUERY_S * CONTENT_FRAME_RATE)
    ours, theirs = bench.folder / "ours.index", bench.folder / "theirs.index"
    large = len(rows) >= LARGE
    took = bench.measure(
        {
            "build and search": lambda: _build(rows, ours).search(queries),
            "build and search as the incumbents": lambda: _search_theirs(
                _build_theirs(rows, theirs), queries
            ),
        },
        repeat=1 if large else 3,
        warm_up=0 if large else 1,
    )
    bank, inverted = index.load(ours), _read_theirs(theirs)
    took |= bench.measure(
        {
            "search, exact": lambda: bank.search(queries),
            "search as the incumbents": lambda: _search_theirs(inverted, queries),
        }
    )
    exact, found = bank.search(queries).rows, _search_theirs(inverted, queries)
    return {
        "rows": len(rows),
        "share of the incumbents' time, building and a search": took["build and search"]
        / took["build and search as the incumbents"],
        "share of the neighbours that are found": _found(_nearest(rows, queries), exact),
        "share of the neighbours that the incumbents find": _found(_nearest(rows, queries), found),
        "share of the incumbents' memory": bank.nbytes / _their_bytes(rows),
        **_packed(bench),
    }


def _rows(count: int) -> Tensor:
    """Return features in clusters, in half precision before, as those of a dataset are."""
    generator = torch.Generator().manual_seed(0)
    centres = torch.randn(CLUSTERS, DIM, generator=generator)
    numbers = torch.randint(CLUSTERS, (count,), generator=generator)
    return (centres[numbers] + SPREAD * torch.randn(count, DIM, generator=generator)).half().float()


def _build(rows: Tensor, path: Path) -> RetrievalIndex:
    RetrievalIndex(rows).save(path)
    return index.load(path)


def _build_theirs(rows: Tensor, path: Path) -> faiss.Index:
    """Train, fill, write and read as WebUI and Applio do, with all rows beside it as one matrix."""
    vectors = rows.numpy()
    inverted: Any = faiss.index_factory(vectors.shape[1], f"IVF{index_file.lists_for(len(vectors))},Flat")
    inverted.nprobe = 1
    inverted.train(vectors)
    for start in range(0, len(vectors), ADDED_AT_ONCE):
        inverted.add(vectors[start : start + ADDED_AT_ONCE])
    path.write_bytes(faiss.serialize_index(inverted).tobytes())
    read = _read_theirs(path)
    read.reconstruct_n(0, len(vectors))
    return read


def _read_theirs(path: Path) -> faiss.Index:
    return faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))


def _search_theirs(inverted: faiss.Index, queries: Tensor) -> Tensor:
    return torch.from_numpy(inverted.search(queries.numpy(), NEIGHBOURS)[1])


def _their_bytes(rows: Tensor) -> int:
    """Return what an inverted file and the matrix beside it take: the rows twice, and their numbers."""
    lists = index_file.lists_for(len(rows))
    return 2 * rows.nbytes + len(rows) * index_file.ROW_NUMBER_BYTES + lists * rows.shape[1] * rows.itemsize


def _nearest(rows: Tensor, queries: Tensor) -> Tensor:
    """Return the numbers of the true neighbours of some queries (T, k), computed in float64."""
    some = queries[:: max(1, len(queries) // 100)].double()
    distances = torch.cat([torch.cdist(some, part.double()) for part in rows.split(ADDED_AT_ONCE)], dim=1)
    return distances.topk(NEIGHBOURS, largest=False).indices


def _found(true: Tensor, found: Tensor) -> float:
    """Return the share of true neighbours (t, k) that are among those found for all queries (T, k)."""
    same = found[:: max(1, len(found) // 100)]
    shared = [len({*one} & {*other}) for one, other in zip(true.tolist(), same.tolist(), strict=True)]
    return sum(shared) / true.numel()


def _packed(bench: Bench) -> dict[str, float]:
    """Return for every packed form its share of the memory of float32, and what it loses on the recordings."""
    exact = index.build(bench.prepared(bench.features()), Reporter())
    features, whole = agreement.features_like(exact.vectors), exact.unpacked().nbytes
    figures: dict[str, float] = {
        "rows of the recordings": len(exact),
        "exact: share of the memory": exact.nbytes / whole,
    }
    for form in PACKED:
        path = bench.folder / f"{form}.index"
        exact.save(path, form)
        packed = index.load(path)
        figures[f"{form}: share of the memory"] = packed.nbytes / whole
        figures |= _figures(form, agreement.compare(exact, packed, features))
    return figures


def _figures(form: Form, found: Agreement) -> dict[str, float]:
    return {
        f"{form}: share of the neighbours that are found": found.recall,
        f"{form}: error of what is retrieved, deviations": found.error,
    }
