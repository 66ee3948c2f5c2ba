import dataclasses
import hashlib
from pathlib import Path

import pytest

from rvc.config import PrepareConfig
from rvc.datasets import split
from rvc.datasets.split import Side, SplitTake

CONFIG = PrepareConfig()


def take(number: int, seconds: float, sentence: str = "") -> SplitTake:
    """Return a take of 4 s clips."""
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    starts = [4.0 * index for index in range(int(seconds // 4))]
    spans = [(start, start + 4.0) for start in starts]
    if seconds % 4:
        spans.append((seconds - seconds % 4, seconds))
    return SplitTake(sha256, sentence or f"name:{number}", tuple(spans))


def seconds_of(takes: list[SplitTake], sides: dict[str, list[Side]], side: Side) -> float:
    return sum(
        end - start
        for one in takes
        for (start, end), at in zip(one.spans, sides[one.sha256], strict=True)
        if at == side
    )


def held_takes(takes: list[SplitTake], sides: dict[str, list[Side]]) -> set[str]:
    return {one.sha256 for one in takes if "test" in sides[one.sha256]}


def check_guards(takes: list[SplitTake], sides: dict[str, list[Side]]) -> None:
    """No training clip lies nearer than the guard to a test clip of the same take."""
    for one in takes:
        placed = list(zip(one.spans, sides[one.sha256], strict=True))
        test = [span for span, side in placed if side == "test"]
        for (start, end), side in placed:
            apart = all(start >= right + 2 or end <= left - 2 for left, right in test)
            assert side == "test" or (side == "train") == apart


def test_many_takes_are_split_whole() -> None:
    takes = [take(number, 3 + number % 5) for number in range(100)]
    sides = split.assign(takes, CONFIG)
    assert all(len(set(one)) == 1 and "guard" not in one for one in sides.values())
    total = sum(one.seconds for one in takes)
    assert 0.06 * total < seconds_of(takes, sides, "test") <= 0.08 * total


def test_at_most_the_given_seconds_are_held_out() -> None:
    takes = [take(number, 7) for number in range(1000)]
    sides = split.assign(takes, CONFIG)
    assert 110 < seconds_of(takes, sides, "test") <= 120


def test_order_does_not_matter_and_the_seed_does() -> None:
    takes = [take(number, 5) for number in range(50)]
    sides = split.assign(takes, CONFIG)
    assert split.assign(takes[::-1], CONFIG) == sides
    other = split.assign(takes, CONFIG.model_copy(update={"seed": 1}))
    assert held_takes(takes, other) != held_takes(takes, sides)


def test_one_more_take_moves_hardly_any_other() -> None:
    takes = [take(number, 5) for number in range(200)]
    before = held_takes(takes[:-1], split.assign(takes[:-1], CONFIG))
    after = held_takes(takes, split.assign(takes, CONFIG))
    assert len(before ^ after) <= 2


def test_equal_sentences_stay_on_one_side() -> None:
    takes = [take(number, 4, f"text:{number // 3}") for number in range(60)]
    sides = split.assign(takes, CONFIG)
    groups = {one.sentence: set() for one in takes}
    for one in takes:
        groups[one.sentence] |= set(sides[one.sha256])
    assert all(len(found) == 1 for found in groups.values())
    assert held_takes(takes, sides)


@pytest.mark.parametrize("length", [40.0, 90.0])
def test_takes_longer_than_the_share_still_give_a_test_part(length: float) -> None:
    takes = [take(number, length) for number in range(12)]
    sides = split.assign(takes, CONFIG)
    assert 0 < seconds_of(takes, sides, "test") <= 120
    check_guards(takes, sides)


def test_many_takes_each_longer_than_the_test_part_give_stretches() -> None:
    takes = [take(number, 300) for number in range(40)]
    sides = split.assign(takes, CONFIG)
    assert 60 < seconds_of(takes, sides, "test") <= 120
    assert len(held_takes(takes, sides)) > 3
    check_guards(takes, sides)


@pytest.mark.parametrize("length", [60, 180, 900, 3600])
def test_one_long_take_gives_guarded_stretches(length: int) -> None:
    takes = [take(0, length)]
    sides = split.assign(takes, CONFIG)
    held = seconds_of(takes, sides, "test")
    assert min(0.05 * length, 100) <= held <= min(max(0.08 * length, 4), 120)
    assert seconds_of(takes, sides, "guard") > 0
    check_guards(takes, sides)


def test_stretches_are_spread_and_contiguous() -> None:
    sides = split.assign([take(0, 900)], CONFIG)[take(0, 900).sha256]
    text = "".join(side[:2] for side in sides)
    stretches = [part for part in text.replace("gu", "tr").split("tr") if part]
    assert len(stretches) == 5
    first, last = sides.index("test"), len(sides) - sides[::-1].index("test")
    assert first < len(sides) / 3
    assert last > 2 * len(sides) / 3


def test_a_few_long_takes_do_not_move_each_other() -> None:
    takes = [take(number, 120) for number in range(4)]
    before = split.assign(takes[:3], CONFIG)
    after = split.assign(takes, CONFIG)
    changed = [one for one in takes[:3] if before[one.sha256] != after[one.sha256]]
    assert len(changed) <= 1


def test_few_takes_of_one_sentence_do_not_leak() -> None:
    twins = [take(1, 40, "text:a"), take(2, 44, "text:a")]
    assert not held_takes(twins, split.assign(twins, CONFIG))
    three = [*twins, take(3, 20)]
    assert held_takes(three, split.assign(three, CONFIG)) <= {three[2].sha256}


@pytest.mark.parametrize("length", [4, 8, 12])
def test_next_to_nothing_is_all_for_training(length: int) -> None:
    assert set(split.assign([take(0, length)], CONFIG)[take(0, length).sha256]) == {"train"}


@pytest.mark.parametrize("setting", [{"held_out": 0.0}, {"held_out_max_s": 0.0}])
def test_nothing_is_held_out_on_request(setting: dict[str, float]) -> None:
    takes = [take(number, 10) for number in range(20)]
    assert not held_takes(takes, split.assign(takes, CONFIG.model_copy(update=setting)))


def test_a_test_part_never_exceeds_its_limit_however_small() -> None:
    for count, length in ((1, 300.0), (20, 10.0)):
        takes = [take(number, length) for number in range(count)]
        sides = split.assign(takes, CONFIG.model_copy(update={"held_out_max_s": 3.0}))
        assert seconds_of(takes, sides, "test") <= 3


def test_sentences_by_name(tmp_path: Path) -> None:
    names = ["arctic_a0049_1592747353", "arctic_a0049_1592747399", "arctic_a0050_1592740000", "take 12"]
    said = split.sentences([tmp_path / f"{name}.wav" for name in names])
    assert said[0] == said[1]
    assert len(set(said)) == 3


def test_dates_are_no_prompts(tmp_path: Path) -> None:
    for names in (
        ["rec_20260101", "rec_20260102", "rec_20260103"],
        ["v2_20260101", "v2_20260102", "v2_20260103"],
        ["100000001", "100000002"],
    ):
        assert len(set(split.sentences([tmp_path / f"{name}.wav" for name in names]))) == len(names)


@pytest.mark.parametrize("where", [".", ".."])
def test_sentences_by_transcript(tmp_path: Path, where: str) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    table = "a\tGood  morning, Zoë!\nb\tgood morning zoë\nc\tOther\nnonsense\nd\t \n"
    (folder / where / "transcripts.tsv").write_text(table, encoding="utf-8")
    said = split.sentences([folder / f"{name}.wav" for name in "abcd"])
    assert said[0] == said[1] == "text:good morning zoë"
    assert said[2:] == ["text:other", "name:d"]


def test_real_recordings_keep_their_sentences_on_one_side(speech: Path) -> None:
    files = sorted((speech / "kathleen" / "flac").glob("*.flac"))
    said = split.sentences(files)
    assert len(set(said)) < len(said)
    assert all(sentence.startswith("text:") for sentence in said)


def speakers(counts: dict[str, int], sentence: str = "") -> list[SplitTake]:
    """Return so many takes of 5 s for every speaker; those of one number say the same."""
    return [
        dataclasses.replace(take(1000 * place + number, 5, f"{sentence}{number}"), speaker=speaker)
        for place, (speaker, count) in enumerate(counts.items())
        for number in range(count)
    ]


def test_a_share_of_every_speaker_is_held_out() -> None:
    takes = speakers({"anna": 400, "bo": 100, "cy": 12})
    sides = split.assign(takes, CONFIG)
    held = {
        speaker: seconds_of([one for one in takes if one.speaker == speaker], sides, "test")
        for speaker in ("anna", "bo", "cy")
    }
    assert held == {"anna": 40, "bo": 40, "cy": 5}
    many = speakers({str(number): 30 for number in range(40)})
    sides = split.assign(many, CONFIG)
    assert seconds_of(many, sides, "test") == 40 * 10


def test_what_one_speaker_is_tested_on_nobody_learns() -> None:
    takes = speakers({"anna": 200, "bo": 30, "cy": 60}, "text:")
    sides = split.assign(takes, CONFIG)
    tested = {one.sentence for one in takes if "test" in sides[one.sha256]}
    learnt = {one.sentence for one in takes if "train" in sides[one.sha256]}
    assert tested
    assert not tested & learnt
    assert {one.speaker for one in takes if "test" in sides[one.sha256]} == {"anna", "bo", "cy"}


def test_names_of_files_say_nothing_of_other_speakers() -> None:
    takes = speakers({"anna": 200, "bo": 20}, "name:")
    sides = split.assign(takes, CONFIG)
    assert "guard" not in {side for one in sides.values() for side in one}


def test_a_speaker_who_says_little_else_still_learns() -> None:
    takes = speakers({"anna": 15}, "text:")
    tested = {one.sentence for one in takes if "test" in split.assign(takes, CONFIG)[one.sha256]}
    twin = dataclasses.replace(take(5000, 5, tested.pop()), speaker="bo")
    sides = split.assign([*takes, twin], CONFIG)
    assert sides[twin.sha256] == ["train", "train"]


def test_one_speaker_is_split_as_without_a_name() -> None:
    takes = [take(number, 5) for number in range(60)]
    named = [dataclasses.replace(one, speaker="anna") for one in takes]
    assert split.assign(named, CONFIG) == split.assign(takes, CONFIG)
