import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from tts.config.features import Moments, SpeakerStatistics
from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.models.fastspeech2 import FastSpeech2
from tts.models.hifigan import HiFiGAN
from tts.models.saved import find_checkpoint, load_acoustic, load_vocoder, read_meta
from tts.training import checkpoint
from tts.training.run_dir import RunDir

META = {"config": Config().model_dump(mode="json")}

ENDLESS_SAVER = """
import sys
from pathlib import Path
import torch
from tts.config.root import Config
from tts.training import checkpoint
from tts.training.run_dir import RunDir
run = RunDir.open(Path(sys.argv[1]), Config(), "acoustic")
for step in range(1, 1_000_000):
    weights = {"acoustic": {"w": torch.full((100_000,), float(step))}}
    checkpoint.save(run, step, weights, {"step": step}, {"config": Config().model_dump(mode="json")})
    print(step, flush=True)
"""


def save(run: RunDir, step: int, loss: float | None = None, value: float = 0.0) -> Path:
    return checkpoint.save(run, step, {"acoustic": {"w": torch.tensor([value])}}, {"step": step}, META, loss)


def without_sums(checkpoint: Path) -> Path:
    """As before there were checksums."""
    (checkpoint / "SHA256SUMS").unlink()
    return checkpoint


def steps(run: RunDir) -> list[int]:
    return [checkpoint.step_of(path) for path in sorted(run.checkpoints.iterdir())]


def train(model: nn.Module, optimizer: torch.optim.Optimizer, n_steps: int) -> None:
    for _ in range(n_steps):
        optimizer.zero_grad()
        loss = model(torch.randn(3, 4)).square().mean()
        loss.backward()
        optimizer.step()


def test_resuming_from_a_checkpoint_is_the_same_as_never_stopping(run: RunDir) -> None:
    def fresh() -> tuple[nn.Module, torch.optim.Optimizer]:
        model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
        return model, torch.optim.Adam(model.parameters(), lr=0.1)

    torch.manual_seed(0)
    model, optimizer = fresh()
    train(model, optimizer, 5)
    state = {"optimizer": optimizer.state_dict(), "rng": torch.get_rng_state()}
    path = checkpoint.save(run, 5, {"acoustic": model.state_dict()}, state, META)
    train(model, optimizer, 5)

    torch.manual_seed(99)
    resumed, optimizer = fresh()
    resumed.load_state_dict(checkpoint.load_weights(path)["acoustic"])
    state = checkpoint.load_train_state(path)
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    train(resumed, optimizer, 5)
    assert all(
        torch.equal(a, b) for a, b in zip(model.state_dict().values(), resumed.state_dict().values(), strict=True)
    )


def test_meta_says_what_made_it(run: RunDir) -> None:
    meta = read_meta(save(run, 7, loss=0.5))
    assert (meta.task, meta.step, meta.validation_loss) == ("acoustic", 7, 0.5)
    assert meta.resolved_config("here") == Config()
    assert torch.__version__.startswith(meta.versions["torch"])


def test_the_newest_and_the_best_are_kept(run: RunDir) -> None:
    for step, loss in enumerate([None, 5.0, 1.0, 3.0, 2.0, 4.0, 1.5, 2.5], start=1):
        save(run, step, loss)
    assert steps(run) == [3, 6, 7, 8]
    assert checkpoint.latest(run.path) == run.checkpoints / "step_00000008"


def test_a_step_saved_again_replaces_the_first(run: RunDir) -> None:
    save(run, 1, value=1.0)
    assert checkpoint.load_weights(save(run, 1, value=2.0))["acoustic"]["w"].item() == 2.0
    assert steps(run) == [1]


def test_a_run_without_checkpoints_starts_from_nothing(run: RunDir) -> None:
    assert checkpoint.latest(run.path) is None
    with pytest.raises(InputError, match="holds no checkpoint"):
        find_checkpoint(run.path)


def test_half_a_checkpoint_is_passed_over_and_cleared_away(run: RunDir) -> None:
    whole = save(run, 1)
    partial = run.checkpoints / ".step_00000002.partial"
    partial.mkdir()
    (partial / "model.safetensors").write_bytes(b"half")
    copied = run.checkpoints / "step_00000003"
    copied.mkdir()
    (copied / "model.safetensors").write_bytes(b"only one of three files")
    assert checkpoint.latest(run.path) == find_checkpoint(run.path) == whole
    save(run, 3)
    assert steps(run) == [1, 3]


def test_export_needs_no_train_state_but_resuming_does(run: RunDir) -> None:
    first, second = save(run, 1), save(run, 2)
    (second / "train_state.pt").unlink()
    assert find_checkpoint(run.path) == second
    assert checkpoint.latest(run.path) == first


@pytest.mark.parametrize("name", ["model.safetensors", "meta.json", "train_state.pt"])
def test_a_run_whose_only_checkpoint_lacks_a_file_does_not_begin_anew(name: str, run: RunDir) -> None:
    (save(run, 1) / name).unlink()
    with pytest.raises(InputError, match=r"step_00000001: lacks .*; put it back; or delete this folder"):
        checkpoint.latest(run.path)


@pytest.mark.slow
def test_kill_9_while_saving_leaves_only_whole_checkpoints(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ENDLESS_SAVER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(6):
        reported = int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    with RunDir.open(tmp_path, Config(), "acoustic") as run:
        newest = checkpoint.latest(run.path)
        assert newest is not None
        step = checkpoint.step_of(newest)
        assert step >= reported
        assert (checkpoint.load_weights(newest)["acoustic"]["w"] == step).all()
        assert checkpoint.load_train_state(newest) == {"step": step}
        save(run, step + 1)
        assert not list(run.checkpoints.glob(".*"))


READ: dict[str, Any] = {
    "model.safetensors": checkpoint.load_weights,
    "train_state.pt": checkpoint.load_train_state,
    "meta.json": read_meta,
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("summed", [True, False])
def test_a_file_cut_short_is_one_line_that_names_it(run: RunDir, name: str, share: float, summed: bool) -> None:
    path = save(run, 1) if summed else without_sums(save(run, 1))
    os.truncate(path / name, int((path / name).stat().st_size * share))
    with pytest.raises(InputError) as error:
        READ[name](path)
    assert f"{path / name}: is damaged" in str(error.value)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("place", [-0.1, 0.5, 0.9])
def test_a_flipped_bit_is_damage(run: RunDir, name: str, place: float) -> None:
    path = save(run, 1)
    content = bytearray((path / name).read_bytes())
    content[int(len(content) * place)] ^= 4
    (path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}: is damaged .*not as it was saved"):
        READ[name](path)


def test_numbers_that_are_none_are_damage(run: RunDir) -> None:
    path = without_sums(save(run, 1))
    weights = load_file(path / "model.safetensors")
    name = next(iter(weights))
    weights[name] = torch.full_like(weights[name], float("nan"))
    save_file(weights, path / "model.safetensors")
    with pytest.raises(
        InputError, match=r"is damaged .*not a number.*; delete this checkpoint to use the one before it"
    ):
        checkpoint.load_weights(path)
    torch.save({"optimizers": {"a": {"state": {0: {"m": torch.tensor([float("inf")])}}}}}, path / "train_state.pt")
    with pytest.raises(InputError, match=r"is damaged .*not a number"):
        checkpoint.load_train_state(path)


def test_loading_runs_no_code(run: RunDir) -> None:
    path = without_sums(save(run, 1))
    torch.save({"optimizer": os.getcwd}, path / "train_state.pt")
    with pytest.raises(InputError, match="is damaged"):
        checkpoint.load_train_state(path)


def statistics() -> SpeakerStatistics:
    moments = Moments(mean=5.0, std=0.3, minimum=-2.0, maximum=2.0, count=100)
    return SpeakerStatistics(pitch={"phone": moments, "frame": moments}, energy={"phone": moments, "frame": moments})


SMALL = load_config(
    overrides=[
        "acoustic={hidden: 8, encoder: {n_blocks: 1, conv_channels: 8}, decoder: {n_blocks: 1, conv_channels: 8}}",
        "vocoder.generator.channels=16",
    ]
)


def test_an_acoustic_model_is_rebuilt_from_its_checkpoint_alone(run: RunDir) -> None:
    speakers = {"anna": statistics(), "bert": statistics()}
    model = FastSpeech2(SMALL.acoustic, SMALL.audio.n_mels, 5, list(speakers.values())).eval()
    meta = {
        "config": SMALL.model_dump(mode="json"),
        "phones": ("<pad>", "sil", "a", "b", "c"),
        "speakers": tuple(speakers),
        "statistics": [s.model_dump(mode="json") for s in speakers.values()],
    }
    checkpoint.save(run, 3, {"acoustic": model.state_dict()}, {}, meta)
    rebuilt, found = load_acoustic(run.path)
    assert (found.speakers, found.phones[2], found.step) == (("anna", "bert"), "a", 3)
    inputs = (torch.tensor([[1, 2, 3, 1]]), torch.tensor([4]), torch.tensor([1]))
    inputs += (torch.full((1, 4), 3.0), torch.zeros(1, 4), torch.zeros(1, 4))
    with torch.no_grad():
        assert torch.equal(rebuilt.infer(*inputs).mel, model.infer(*inputs).mel)
    with pytest.raises(InputError, match="holds the acoustic model, the vocoder model is needed"):
        load_vocoder(run.path)


def test_a_generator_is_rebuilt_without_its_discriminators(tmp_path: Path) -> None:
    model = HiFiGAN(SMALL.vocoder.generator, SMALL.audio.n_mels)
    weights = {"generator": model.state_dict(), "discriminators": {"w": torch.zeros(3)}}
    with RunDir.open(tmp_path / "run", SMALL, "vocoder") as run:
        path = checkpoint.save(run, 3, weights, {}, {"config": SMALL.model_dump(mode="json")})
    rebuilt, _ = load_vocoder(path)
    mel = torch.randn(1, SMALL.audio.n_mels, 3)
    with torch.no_grad():
        assert torch.equal(rebuilt(mel), model(mel))


def test_weights_that_do_not_fit_their_config_are_refused(tmp_path: Path) -> None:
    model = HiFiGAN(SMALL.vocoder.generator, SMALL.audio.n_mels)
    with RunDir.open(tmp_path / "run", SMALL, "vocoder") as run:
        path = checkpoint.save(run, 3, {"generator": model.state_dict()}, {}, {"config": SMALL.model_dump(mode="json")})
    without_sums(path)
    meta = json.loads((path / "meta.json").read_text())
    meta["config"]["vocoder"]["generator"]["channels"] = 32
    (path / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(InputError, match="does not fit the model"):
        load_vocoder(path)
