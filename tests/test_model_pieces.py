"""Pieces of work on cores of their own: in order, as the caller would have done them, and nothing left behind."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from rvc.model.pieces import in_order

THREADS = 3


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    yield
    torch.set_num_threads(before)


def state(piece: int) -> Tensor:
    dtype = torch.get_autocast_dtype("cpu")
    facts = [piece, torch.get_num_threads(), torch.is_inference_mode_enabled(), torch.is_grad_enabled()]
    return torch.tensor([*facts, torch.is_autocast_enabled("cpu"), dtype == torch.bfloat16])


@pytest.mark.parametrize("inference", [True, False])
def test_each_is_done_as_the_caller_would_and_comes_in_its_turn(inference: bool) -> None:
    with torch.inference_mode(inference), torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        found = torch.stack(list(in_order(state, range(7))))
    assert found[:, 0].tolist() == list(range(7))
    assert found[:, 1:].tolist() == [[2, inference, 0, 1, 1]] * 7
    assert torch.get_num_threads() == THREADS


def test_threads_that_are_left_over_help() -> None:
    torch.set_num_threads(4)
    with torch.no_grad():
        assert [int(one[1]) for one in in_order(state, range(2))] == [4, 4]
        assert [int(one[1]) for one in in_order(state, range(1))] == [4]


def test_a_failure_is_told_and_nobody_waits_for_the_rest() -> None:
    done: list[int] = []

    def fail(piece: int) -> Tensor:
        if piece == 1:
            raise ValueError("no")
        done.append(piece)
        return torch.zeros(1)

    with torch.no_grad(), pytest.raises(ValueError, match="no"):
        list(in_order(fail, range(1000)))
    assert len(done) < 10


def test_who_stops_listening_stops_the_work() -> None:
    done: list[int] = []

    def note(piece: int) -> Tensor:
        done.append(piece)
        return torch.zeros(1)

    with torch.no_grad():
        parts = in_order(note, range(1000))
        next(parts)
        parts.close()  # type: ignore[attr-defined]
    assert len(done) < 10
