"""The generators there are: which one a config asks for, and how far each sees."""

from tts.config.audio import AudioConfig
from tts.config.vocoder import AnyGeneratorConfig, GeneratorConfig, SourceFilterConfig, VocosConfig
from tts.models import hifigan, source_filter, vocos

AnyGenerator = hifigan.Generator | vocos.Vocos | source_filter.SourceFilter


def make_generator(config: AnyGeneratorConfig, audio: AudioConfig) -> AnyGenerator:
    """An untrained generator."""
    if isinstance(config, GeneratorConfig):
        return hifigan.Generator(config, audio.n_mels)
    if isinstance(config, VocosConfig):
        return vocos.Vocos(config, audio.n_mels)
    return source_filter.SourceFilter(config, audio)


def receptive_field(config: AnyGeneratorConfig) -> int:
    """Mel frames on each side that the audio of one frame depends on: 13 for V1 and V2, 11 for V3."""
    first, last = 0, config.hop_length - 1  # samples of frame 0
    if config.istft:
        first, last = _inputs_of_transposed(first, last, config.istft.n_fft, config.istft.hop_length)
    if isinstance(config, GeneratorConfig):
        edge = hifigan.EDGE_KERNEL // 2
        first, last = first - edge, last + edge
        for rate, kernel in reversed(list(zip(config.upsample_rates, config.upsample_kernels, strict=True))):
            reach = _resblock_reach(config)
            first, last = _inputs_of_transposed(first - reach, last + reach, kernel, rate)
    else:
        edge = vocos.reach(config)
        if isinstance(config, SourceFilterConfig):
            first, last = first // config.filters_per_frame, last // config.filters_per_frame
            # The pulses are analysed in the frames that become audio.
            edge = max(edge, max(-first, last) + source_filter.SOURCE_REACH + vocos.reach(config.f0))
    return max(-first, last) + edge


def _inputs_of_transposed(first: int, last: int, kernel: int, rate: int) -> tuple[int, int]:
    """The inputs of a transposed convolution that its outputs ``first`` ... ``last`` depend on."""
    # Input i contributes to outputs i * rate - pad ... i * rate - pad + kernel - 1.
    pad = (kernel - rate) // 2
    return -((kernel - 1 - pad - first) // rate), (last + pad) // rate


def _resblock_reach(config: GeneratorConfig) -> int:
    """Positions on each side that the widest residual block sees."""
    reaches = []
    for kernel, dilations in zip(config.resblock_kernels, config.resblock_dilations, strict=True):
        plain = len(dilations) if config.resblock == "1" else 0
        reaches.append((sum(dilations) + plain) * (kernel // 2))
    return max(reaches)
