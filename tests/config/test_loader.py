from pathlib import Path

import pytest

from tts.config.loader import config_from_tree, differences, dump_config, load_config
from tts.config.root import Config
from tts.errors import InputError


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_are_a_complete_system() -> None:
    assert load_config() == Config()


def test_later_recipes_and_overrides_win(tmp_path: Path) -> None:
    recipe = write(tmp_path, "training: {acoustic: {steps: 7, batch_size: 3}}")
    config = load_config([recipe], ["training.acoustic.steps=9"])
    assert (config.training.acoustic.steps, config.training.acoustic.batch_size) == (9, 3)


def test_one_weight_can_be_changed_and_the_others_stay(tmp_path: Path) -> None:
    config = load_config([], ["training.acoustic.weights.pitch=0.5"])
    assert config.training.acoustic.weights == {"mel": 1.0, "duration": 0.1, "pitch": 0.5, "energy": 0.1}


def test_a_dumped_config_loads_as_itself(tmp_path: Path) -> None:
    config = load_config(
        [], ["acoustic.postnet={}", "training.acoustic.weights.postnet_mel=1", "text.front_end=arpabet"]
    )
    assert load_config([write(tmp_path, dump_config(config))]) == config
    assert config_from_tree(config.model_dump(mode="json"), "test") == config


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("audio.hop=256", "audio.hop: unknown key"),
        ("audoi.hop_length=256", "audoi: unknown key"),
        ("audio.hop_length=200", "upsample_rates (8, 8, 2, 2) multiply to 256, but audio.hop_length is 200"),
        ("audio.sample_rate=8000", "fmax (8000 Hz) is above half of sample_rate (4000 Hz)"),
        ("audio.fmin=9000", "must be below fmax"),
        ("audio.n_fft=1025", "even"),
        (
            "training.vocoder.segment_length=1024",
            "segment_length (1024) is too short for the STFT loss, which needs 1025",
        ),
        ("training.vocoder.stft.win_lengths=[512,1024,4096]", "win_length (4096) is longer than n_fft (2048)"),
        ("training.vocoder.stft.n_ffts=[]", "training.vocoder.stft.n_ffts: at least one entry"),
        (
            "training.vocoder.stft.mel_windows=[64]",
            "training.vocoder.stft.mel_windows and training.vocoder.weights.multi_scale_mel go together",
        ),
        (
            "training.vocoder.weights={spectral_convergence: 0, log_magnitude: 0, adversarial: 0, feature_matching: 0}",
            "there is nothing to learn at first",
        ),
        ("training.vocoder.start_steps.spectrum=1", "training.vocoder.start_steps: unknown spectrum"),
        ("training.vocoder.peaks=[0.9, 0.5]", "the lower one comes first"),
        ("vocoder.discriminators=[{kind: complex_stft, bands: [0.1, 0.5]}]", "must begin with 0 and grow"),
        ("vocoder.generator.upsample_kernels=[16,16,4,5]", "same parity"),
        ("vocoder.generator.resblock_kernels=[3,7,12]", "must be odd"),
        ("vocoder.discriminators=[]", "vocoder.discriminators: at least one entry"),
        ("vocoder.discriminators=hifi", "no set 'hifi'; the sets are hifigan, dac, light"),
        ("vocoder.discriminators=[{kind: scale}, {kind: scale}]", "more than one entry of kind scale"),
        ("vocoder.generator.channels=0", "vocoder.generator.channels: Input should be greater than 0"),
        ("vocoder.generator={kind: vocos, kernel: 4}", "vocoder.generator: kernel (4) must be odd"),
        ("vocoder.generator.kind=wavenet", "vocoder.generator.kind: 'wavenet' is not one of hifigan, "),
        ("vocoder.discriminators=[{kind: scala}]", "vocoder.discriminators.0.kind: 'scala' is not one of 'period', "),
        ("vocoder.discriminators=[{kind: scale, groups: 4}]", "vocoder.discriminators.0.groups: unknown key"),
        (
            "vocoder.discriminators=[{kind: period, periods: []}]",
            "vocoder.discriminators.0.periods: at least one entry",
        ),
        ("vocoder.discriminators=[{kind: period, periods: [2, 2]}]", "discriminators.0.periods: 2 is there twice"),
        (
            "vocoder.discriminators=[{kind: complex_stft, n_ffts: [32768]}]",
            "too short for the complex_stft discriminators, which needs 16385",
        ),
        ("training.vocoder.weights.sftf=1", "unknown sftf"),
        ("vocoder.generator.kind=source_filter", "training.vocoder.weights: missing f0"),
        ("training.acoustic.weights.postnet_mel=1", "unknown postnet_mel"),
        ("acoustic.postnet={}", "missing postnet_mel"),
        ("acoustic.hidden=255", "divisible"),
        ("training.acoustic.steps=many", "training.acoustic.steps"),
        ("training.acoustic.learning_rate=.nan", "training.acoustic.learning_rate"),
        ("preprocess.pitch.ceiling=20000", "preprocess.pitch.ceiling"),
        ("training", "must look like section.key=value"),
        ("audio=5", "audio"),
        ("acoustic.decoder.conv_kernels=[3]", "acoustic.decoder.conv_kernels.1: Field required"),
        ("acoustic.hidden=9223372036854775806", "acoustic.hidden: is larger than 2,147,483,647"),
        (
            "vocoder.generator.resblock_kernels=[3, 7, 99999999999]",
            "vocoder.generator.resblock_kernels.2: is larger than 2,147,483,647",
        ),
    ],
)
def test_a_contradiction_is_one_line_with_its_dotted_path(override: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        load_config([], [override])
    assert message in str(error.value)
    assert f"--set {override}" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["audio: [", "- a list", "just text", "audio: {hop_lenght: 256}", "\x00"])
def test_a_bad_recipe_is_one_line_with_its_path(tmp_path: Path, text: str) -> None:
    recipe = write(tmp_path, text)
    with pytest.raises(InputError, match=r"recipe\.yaml"):
        load_config([recipe])


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml: cannot be read"):
        load_config([tmp_path / "nowhere.yaml"])


def test_differences_are_dotted_paths() -> None:
    assert differences({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}, "d": 4}) == ["a.c: 2 -> 3", "d: None -> 4"]
