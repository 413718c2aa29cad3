"""What a server counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

FIRST_AUDIO_S = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)  # s, edges of the histogram


class Metrics:
    """One set for each application: nothing is global."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # process_resident_memory_bytes among others
        self.requests = self._counter(
            "tts_requests", "Requests by route, audio format and status.", "route", "format", "status"
        )
        self.first_audio = Histogram(
            "tts_seconds_to_first_audio",
            "From the request to the first bytes of sound.",
            buckets=FIRST_AUDIO_S,
            registry=self._registry,
        )
        self.audio_seconds = self._counter("tts_audio_seconds", "Seconds of speech given out.")
        self.synthesis_seconds = self._counter("tts_synthesis_seconds", "Seconds that workers computed.")
        self.cancelled = self._counter("tts_cancelled", "Requests whose client went away before the end.")
        self.queue_depth = self._gauge("tts_queue_depth", "Steps that wait for a worker.")
        self.in_flight = self._gauge("tts_in_flight", "Requests being answered.")

    def text(self) -> bytes:
        """Prometheus' exposition format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(name, help, labels, registry=self._registry)

    def _gauge(self, name: str, help: str) -> Gauge:
        return Gauge(name, help, registry=self._registry)
