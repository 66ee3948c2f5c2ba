"""The prompts that ship with the program, their sounds, and prompt files of the user's own."""

import itertools
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rvc.errors import InputError
from rvcstudio.library import Take
from rvcstudio.recording import advice, coverage, english, korean, prompts

FIRST = 60


@pytest.fixture(params=prompts.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_there_are_enough_prompts_and_all_are_different(language: str) -> None:
    shipped = prompts.shipped(language)
    assert len(shipped) >= 150
    assert len({prompt.id for prompt in shipped}) == len(shipped)
    words = [set(re.findall(r"\w+", prompt.text.lower())) for prompt in shipped]
    alike = [
        (one, other)
        for one, other in itertools.combinations(range(len(shipped)), 2)
        if len(words[one] & words[other]) > 0.5 * min(len(words[one]), len(words[other]))
        and shipped[one].style != "sung"
    ]
    assert alike == []


def test_no_way_to_begin_is_used_again_and_again(language: str) -> None:
    shipped = prompts.shipped(language)
    beginnings = [tuple(prompt.text.split()[:2]) for prompt in shipped]
    assert max(beginnings.count(beginning) for beginning in set(beginnings)) <= 4


def test_the_first_sixty_have_every_sound_often_enough(language: str) -> None:
    covered = coverage.of(language, prompts.shipped(language)[:FIRST])
    assert covered.missing == []
    assert covered.enough == len(covered.counts) >= 39


def test_the_first_sixty_are_spoken_in_every_way(language: str) -> None:
    styles = [prompt.style for prompt in prompts.shipped(language)[:FIRST]]
    assert all(styles.count(style) >= 2 for style in prompts.STYLES)


def test_what_is_missing_is_told_rarest_first() -> None:
    boy = prompts.Prompt("en:1", "boy", "statement", ("B", "OY"))
    covered = coverage.of("en", [boy] * 4)
    assert covered.enough == 0
    assert covered.missing[-2:] == ["B", "OY"]
    assert coverage.of("en", [boy] * 5).enough == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("좋아요", "조아요"),
        ("같이", "가치"),
        ("국물", "궁물"),
        ("신라", "실라"),
        ("읽다", "익따"),
        ("독립", "동닙"),
        ("앉히다", "안치다"),
        ("앉다", "안따"),
        ("닭이", "달기"),
        ("값이", "갑씨"),
        ("놓고", "노코"),
        ("못하다", "모타다"),
        ("많다", "만타"),
        ("끓는", "끌른"),
        ("않소", "안쏘"),
        ("없이", "업씨"),
        ("대통령", "대통녕"),
        ("꽃집", "꼳찝"),
    ],
)
def test_korean_is_said_by_the_rules(written: str, said: str) -> None:
    syllables = [korean._parts(character) for character in said]
    spelt = [part for onset, *rest in syllables for part in (onset if onset != korean.SILENT else "", *rest)]
    assert korean.sounds(written) == [part for part in spelt if part]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_file_of_ones_own_is_read_as_it_was_written(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "내 문장.txt"
    file.write_bytes("# 메모\n\n첫째 줄입니다.\r\n  둘째   줄입니다.\n첫째 줄입니다.\n".encode(encoding))
    read = prompts.own(file)
    assert [prompt.text for prompt in read] == ["첫째 줄입니다.", "둘째 줄입니다."]
    assert prompts.language_of(read) == "ko"
    assert read[0].sounds[:2] == ("ㅊ", "ㅓ")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "no_prompts"), (b"\n# only\n", "no_prompts"), (b"\x00\x01\xff\xfe", "not_text")],
)
def test_a_file_without_sentences_says_so(content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(content)
    with pytest.raises(InputError) as raised:
        prompts.own(tmp_path / "p.txt")
    assert raised.value.code == code


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        prompts.own(tmp_path / "gone.txt")


def test_the_documentation_shows_the_coverage(language: str) -> None:
    counted = [
        coverage.of(language, part).counts for part in (shipped_first(language), prompts.shipped(language))
    ]
    rarest_first = sorted(counted[0], key=lambda sound: counted[0][sound])
    line = " · ".join(f"{sound} {counted[0][sound]}/{counted[1][sound]}" for sound in rarest_first)
    documentation = Path(__file__).parent.parent / "docs" / "recording.md"
    assert f"- {language}: {line}\n" in documentation.read_text(encoding="utf-8")


def shipped_first(language: str) -> list[prompts.Prompt]:
    return prompts.shipped(language)[:FIRST]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A knight sang.", "AH N AY T S AE NG"),
        ("She's watching boxes", "SH IY Z W AA CH IH NG B AA K S IH Z"),
        ("stopped, needed", "S T AA P T N IY D IH D"),
        ("phone", "F OW N"),
        ("glimmering", "G L IH M EH R IH NG"),
        ("strafed vines", "S T R EY F T V AY N Z"),
        ("", ""),
        ("1234 ''", ""),
    ],
)
def test_english_is_said_by_words_and_rules(text: str, said: str) -> None:
    assert english.sounds(text) == said.split()


def test_english_that_is_read_by_rules_is_nearly_right() -> None:
    """The words of the prompts are known; here they are read as if they were not."""
    known = english._known()
    wrong = sum(_distance(english.by_rules(word), said) for word, said in known.items())
    assert wrong < 0.15 * sum(map(len, known.values()))
    sentences = [(english.sounds(prompt.text), prompt.sounds) for prompt in prompts.shipped("en")]
    wrong = sum(_distance(tuple(found), said) for found, said in sentences)
    assert wrong < 0.06 * sum(len(said) for _, said in sentences)


def _distance(found: tuple[str, ...], said: tuple[str, ...]) -> int:
    """Return how many sounds must be put in, taken out or exchanged."""
    row = list(range(len(said) + 1))
    for one in found:
        last, row[0] = row[0], row[0] + 1
        for place, other in enumerate(said, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (one != other))
    return row[-1]


def test_english_sentences_of_ones_own_are_counted(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("The boy enjoyed his noisy toys.\n")
    (own,) = prompts.own(tmp_path / "p.txt")
    assert coverage.of("en", [own]).counts["OY"] == 4
    assert coverage.of("ko", [own]).enough == 0


def take(prompt: prompts.Prompt | None, seconds: float = 4.0, grade: str = "good") -> Take:
    text, name = (prompt.text, prompt.id) if prompt else ("", "")
    return Take(
        *("id", "voice", Path("t.flac"), text, name, "", 48000, seconds, None, None),
        *({"verdict": grade}, False, datetime.now(UTC)),
    )


def test_what_to_read_next_is_what_was_not_read(language: str) -> None:
    shipped = prompts.shipped(language)
    some = advice.wanted([take(one) for one in shipped[:10]], language)
    assert 0 < some.sentences <= FIRST - 10
    rest = shipped[10 : 10 + some.sentences]
    assert advice.wanted([take(one) for one in (*shipped[:10], *rest)], language).sounds == ()
    assert advice.wanted([take(one) for one in (*shipped[:10], *rest[:-1])], language).sounds != ()
    assert set(some.styles) == set(prompts.STYLES) - {one.style for one in shipped[:10]}
    assert advice.wanted([take(one) for one in shipped], language) == advice.Wanted(language)
    assert advice.wanted([take(one, grade="bad") for one in shipped], language).styles == prompts.STYLES


def test_minutes_of_unknown_words_have_every_sound() -> None:
    assert advice.wanted([take(None, 301.0)], "en") == advice.Wanted("en")
    assert len(advice.wanted([take(None, 20.0)], "en").sounds) == 39
    assert advice.wanted([take(prompts.shipped("en")[0])], "nl") == advice.Wanted("nl")
