"""Independent pieces of work on the cores of a CPU, several at once: that keeps the cores busier than one piece does.

What convolutions divide among cores is small, and after each of them all wait for the slowest. A conversion by v2 on
two cores takes 2 to 5 % less; before threads spun briefly (`rvc.waiting`) it was 9 to 17 % of the decoder.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

import torch
from torch import Tensor

Piece = TypeVar("Piece")
AT_ONCE = 4
"""Pieces that are done at once, at most: each has its own memory."""


def in_order(work: Callable[[Piece], Tensor], pieces: Sequence[Piece]) -> Iterator[Tensor]:
    """Yield what `work` makes of each piece, on a CPU where nothing is learnt; autocast is the caller's."""
    threads = torch.get_num_threads()
    workers = min(threads, len(pieces), AT_ONCE)
    if workers < 2:
        yield from map(work, pieces)
        return
    do = _like_the_caller(work)
    waiting: deque[Future[Tensor]] = deque()
    with _pool(workers, threads) as pool:
        for piece in pieces:
            waiting.append(pool.submit(do, piece))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pool(workers: int, threads: int) -> ThreadPoolExecutor:
    """Return workers with twice as many threads of torch in all as there usually are: while some wait, others compute.

    `set_num_threads` is for the thread that calls it and for those that start later: these get the usual number again.
    """
    begun = threading.Barrier(workers)

    def begin() -> None:
        torch.get_num_threads()  # a thread takes the usual number the first time that it needs one
        torch.set_num_threads(2 * threads // workers)
        begun.wait()

    pool = ThreadPoolExecutor(workers, "pieces", begin)
    for idle in [pool.submit(int) for _ in range(workers)]:
        idle.result()
    torch.set_num_threads(threads)
    return pool


def _like_the_caller(work: Callable[[Piece], Tensor]) -> Callable[[Piece], Tensor]:
    """Return the work as it would be done here: torch keeps its modes for each thread."""
    inference = torch.is_inference_mode_enabled()
    is_cast, dtype = torch.is_autocast_enabled("cpu"), torch.get_autocast_dtype("cpu")

    def do(piece: Piece) -> Tensor:
        with ExitStack() as modes:
            modes.enter_context(torch.inference_mode() if inference else torch.no_grad())
            modes.enter_context(torch.autocast("cpu", dtype, enabled=is_cast))
            return work(piece)

    return do
