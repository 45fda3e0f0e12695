"""The file of vectors: what a commit costs, what a crash leaves, and what readers see meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.adapters.vectors import VectorFile
from language.meanings import Vectors

WIDTH = 8
EAST, NORTH = np.eye(WIDTH, dtype=np.float32)[:2]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[VectorFile]:
    file = VectorFile(tmp_path, "t")
    assert file.lock()
    yield file
    file.unlock()


def some(count: int, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)


def mark(path: Path) -> bytes:
    """Tells a file from one in its place."""
    return next(path.glob("*.rows")).read_bytes()[:16]


def test_a_commit_costs_what_it_changes(writer: VectorFile, tmp_path: Path) -> None:
    for number in range(20):
        writer.replace(f"d{number}", some(50, number))
    writer.commit(1)
    whole, first = writer.size, mark(tmp_path)
    reader = VectorFile(tmp_path, "t")
    writer.replace("d3", np.stack([NORTH, EAST]))
    writer.replace("d4", some(0))
    writer.commit(2)
    assert writer.size - whole < 100
    assert mark(tmp_path) == first
    assert None not in reader.cosines(EAST, ["d3:2", "d4:0"])
    for file in (reader, VectorFile(tmp_path, "t")):
        assert file.reload() == 2
        assert file.nearest(EAST, 1) == ["d3:1"]
        assert file.cosines(EAST, ["d3:1", "d3:2", "d4:0", "no:0"]) == [pytest.approx(1), None, None, None]


def test_what_a_crash_cut_off_is_nothing_and_is_written_over(writer: VectorFile, tmp_path: Path) -> None:
    writer.replace("d", np.stack([EAST]))
    writer.commit(1)
    path = next(tmp_path.glob("*.rows"))
    before = path.read_bytes()
    writer.replace("d", np.stack([NORTH, NORTH]))
    writer.commit(2)
    after = path.read_bytes()
    writer.unlock()
    reader = VectorFile(tmp_path / "other", "t")
    broken = [after[:size] for size in range(len(before), len(after))]
    broken += [after[:-1] + b"\x05", before + bytes(64), before + bytes([255]) * 64]
    for content in broken:
        (tmp_path / "other" / path.name).write_bytes(content)
        assert reader.reload() == 1
        assert reader.nearest(EAST, 3) == ["d:0"]
        assert reader.cosines(EAST, ["d:0", "d:1"]) == [pytest.approx(1), None]
    second = VectorFile(tmp_path / "other", "t")
    assert second.lock()
    second.replace("e", np.stack([NORTH]))
    second.commit(3)
    second.unlock()
    assert reader.reload() == 3
    assert set(reader.nearest(EAST, 3)) == {"d:0", "e:0"}
    assert (tmp_path / "other" / path.name).stat().st_size < len(after)


def test_many_dead_rows_are_left_behind(writer: VectorFile, tmp_path: Path) -> None:
    for number in range(10):
        writer.replace(f"d{number}", some(10, number))
    writer.commit(1)
    reader, first, whole = VectorFile(tmp_path, "t"), mark(tmp_path), writer.size
    for revision in range(2, 30):
        writer.replace("d0", np.stack([EAST] * 10))
        writer.commit(revision)
        assert writer.size < 2 * whole
        if revision % 7 == 0:  # some files it never saw
            assert reader.reload() == revision
            assert reader.nearest(EAST, 10)[-1].startswith("d0:")
            assert len(reader.nearest(EAST, 200)) == 100
    assert mark(tmp_path) != first


def test_all_is_forgotten_at_once(writer: VectorFile, tmp_path: Path) -> None:
    writer.replace("d", np.stack([EAST]))
    writer.commit(7)
    reader = VectorFile(tmp_path, "t")
    writer.clear()
    writer.replace("e", np.ones((1, 3), np.float32))
    writer.commit(2)
    assert reader.reload() == 2
    assert reader.nearest(np.ones(3, np.float32), 5) == ["e:0"]
    with pytest.raises(ValueError, match="8 numbers where all others have 3"):
        writer.replace("f", some(1))


def test_what_was_not_committed_is_forgotten(writer: VectorFile, tmp_path: Path) -> None:
    writer.replace("d", np.stack([EAST]))
    writer.unlock()
    other = VectorFile(tmp_path, "t")
    assert other.lock()
    other.commit(1)
    other.unlock()
    assert writer.lock()
    assert (writer.revision, writer.nearest(EAST, 1)) == (1, [])
