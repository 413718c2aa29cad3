"""The tool that trains the guesser: letters get their phones, families stay together, the graph is the network."""

from pathlib import Path

import numpy as np
import onnx
import torch

from tools.align_letters import align
from tools.train_guesser import Guesser, family, graph_of, is_inflected, with_stress
from tts.text.english.guess import guess, letter_features, open_guesser

WORDS = [
    ("cat", ("K", "AE1", "T")),
    ("ship", ("SH", "IH1", "P")),
    ("box", ("B", "AA1", "K", "S")),
    ("shake", ("SH", "EY1", "K")),
    ("tax", ("T", "AE1", "K", "S")),
    ("hat", ("HH", "AE1", "T")),
]


def test_each_letter_gets_its_phones() -> None:
    aligned = align([*WORDS, ("ab", ("EY1", "B", "IY1", "S", "IY1"))])
    assert set(aligned) == set(WORDS)  # a word with more than two phones a letter is left out
    for (word, phones), chunks in aligned.items():
        assert len(chunks) == len(word)
        assert tuple(phone for chunk in with_stress(phones, chunks) for phone in chunk) == phones
    assert aligned[WORDS[2]] == [("B",), ("AA",), ("K", "S")]


def test_forms_of_a_word_are_held_out_together() -> None:
    assert {family(word) for word in ("abandon", "abandons", "abandoned", "abandoning")} == {"abandon"}
    assert is_inflected("loved", ["love"])
    assert not is_inflected("loved", ["shove"])


def test_the_graph_scores_as_the_network_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    labels, transitions = [(), ("AA1",), ("B",), ("K", "S")], torch.randn(4, 4)
    model, file = Guesser(len(labels)).eval(), tmp_path / "guesser.onnx"
    onnx.save(graph_of(model, labels, transitions), file)
    read_labels, read_transitions, score = open_guesser(file)
    assert list(read_labels) == labels
    assert np.allclose(read_transitions, transitions.numpy(), atol=0.02)
    features = np.stack([letter_features("abacus"), letter_features("zebras")], axis=1)
    with torch.no_grad():
        expected = model(torch.from_numpy(features)).log_softmax(dim=-1).numpy()
    assert np.abs(score(features, np.array([6, 6], dtype=np.int32)) - expected).max() < 0.01
    (said,) = guess(["abacus"], file)
    assert sum(phone.endswith("1") for phone in said) == 1
