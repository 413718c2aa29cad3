"""A voice folder, opened: the runtime's front door."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Unpack

from tts.errors import InputError
from tts.names import Variant
from tts.runtime import contract
from tts.runtime.admission import admit
from tts.runtime.catalogue import DEFAULT_VOICE, find_voice
from tts.runtime.folder import graph_places, open_front_end, open_user_lexicon, read_manifest
from tts.runtime.manner import Manner, Task, task_of
from tts.runtime.pauses import PauseLengths
from tts.runtime.script import Joints, Script, pause_behind, speakable, write_script
from tts.runtime.session import Hardware, open_voice_graph
from tts.runtime.speech import AudioChunk, Speech
from tts.runtime.synthesizer import Score, Synthesizer, growing_chunks, join, whole_sentences
from tts.text.inventory import PhoneInventory
from tts.text.markup.directing import Director
from tts.text.markup.reading import read_document
from tts.text.sentences import FrontEnd, NothingToSayError, part_limits, split_long
from tts.text.user_lexicon import UserLexicon


class Voice:
    """Speaks text. Safe to call from several threads.

    Every way to speak takes what ``Manner`` lists. Each raises ``InputError`` for an unknown speaker, a control out of
    range, markup and lexicons that are wrong (line and column are named), and text without words. What has no reading
    is left out and listed in ``Speech.unread``, or, if ``strict``, refused.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        front_end: FrontEnd,
        inventory: PhoneInventory,
        lexicon: UserLexicon | None = None,
    ) -> None:
        self.manifest = synthesizer.manifest
        self.synthesizer = synthesizer
        self._front_end = front_end
        self._inventory = inventory
        self._lexicon = lexicon

    @classmethod
    def load(
        cls,
        name_or_folder: Path | str = DEFAULT_VOICE,
        hardware: Hardware | None = None,
        variant: Variant | None = None,
    ) -> "Voice":
        """A voice of the package by name, or one that was exported to a folder; the most exact variant by default.

        Raises ``InputError`` for an unknown name, a folder that is not a voice, lacks the variant, or has files
        missing, altered or of another voice, and as ``admit`` does for a voice that this machine opens for the first
        time.
        """
        folder, hardware = find_voice(name_or_folder), hardware or Hardware()
        manifest = read_manifest(folder / contract.MANIFEST_FILE)
        admit(folder, manifest, variant)
        with ThreadPoolExecutor() as pool:  # ONNX Runtime reads graphs on one core, Python words on the other
            sessions = [
                pool.submit(open_voice_graph, path, manifest, inputs, outputs, hardware)
                for path, inputs, outputs in graph_places(folder, manifest, variant)
            ]
            front_end = open_front_end(folder, manifest)
            front_end.prepare()
            acoustic, vocoder = (session.result() for session in sessions)
        synthesizer, inventory = Synthesizer(manifest, acoustic, vocoder), PhoneInventory(manifest.phones)
        return cls(synthesizer, front_end, inventory, open_user_lexicon(folder, manifest))

    def synthesize(self, text: str, **how: Unpack[Manner]) -> Speech:
        """``text`` in one piece. It takes less time than ``stream``, whose chunks overlap, and differs by rounding
        alone: by less than 1e-5."""
        return join(self.synthesizer.play(self.compose(text, **how), whole_sentences()))

    def stream(self, text: str, **how: Unpack[Manner]) -> Iterator[AudioChunk]:
        """The same audio in chunks, the first one small, each made when it is asked for: memory does not grow with
        the text, and what cannot be spoken is refused when its turn comes."""
        return self.play(self.compose(text, **how))

    def compose(
        self, text: str, *, opening: bool = True, closing: bool = True, **how: Unpack[Manner]
    ) -> Iterator[Score]:
        """The sentences of ``text`` without their sound, each when it is asked for. ``play`` speaks them.

        How many samples the text will have is known before the first one is computed: ``hop_length`` a frame.
        Unless ``opening``, the text goes on from an earlier part of it, of whole passages as ``PassageReader`` finds;
        unless ``closing``, it is followed by a later one.
        """
        task = self._task(how)
        return self._scores(self._scripts(text, task, opening=opening, closing=closing), task)

    def play(self, scores: Iterable[Score], *, opening: bool = True) -> Iterator[AudioChunk]:
        """What ``compose`` gave, as ``stream`` speaks it."""
        return self.synthesizer.play(scores, growing_chunks(opening=opening))

    def _task(self, how: Manner) -> Task:
        return task_of(how, self._speaker_id(how.get("speaker")))

    def _scores(self, scripts: Iterable[Script], task: Task) -> Iterator[Score]:
        """Sentence by sentence, when asked for."""
        for script in scripts:
            yield from self.synthesizer.compose([script], task.speaker_id, task.controls)

    def _scripts(self, text: str, task: Task, *, opening: bool = True, closing: bool = True) -> Iterator[Script]:
        lexicons = [lexicon for lexicon in (task.lexicon, self._lexicon) if lexicon]
        document = read_document(text, task.markup, self.manifest.language, self._inventory, lexicons)
        limits, lengths = part_limits(opening=opening), PauseLengths(self.manifest, task.controls.speed)
        before = None if opening else lengths.lead
        director = Director(document)
        sentences = director.give(self._front_end.sentences(document.text))
        if not task.strict:
            sentences = (speakable(sentence, self._inventory) for sentence in sentences)
        for sentence, is_last in director.direct(sentences):
            if task.strict and sentence.unread:
                raise InputError(f"word {sentence.unread[0].text!r}", "cannot be read", "write it as it is spoken")
            parts = list(split_long(sentence, limits))
            for part in parts:
                joints = Joints(lengths, before, closing=closing and is_last and part is parts[-1])
                yield write_script(part, self._inventory, joints)
                before = pause_behind(part, lengths)
        if before is None:
            raise NothingToSayError(text)

    def _speaker_id(self, speaker: str | None) -> int:
        speakers = self.manifest.speakers
        if speaker is None:
            speaker = self.manifest.default_speaker or speakers[0]
        if speaker not in speakers:
            raise InputError(f"speaker {speaker!r}", f"voice {self.manifest.name!r} has {', '.join(speakers)}")
        return speakers.index(speaker)
