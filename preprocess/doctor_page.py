"""What the doctor found, as one HTML file that stands alone: charts, findings, and the recordings to listen to."""

import base64
from collections import Counter, defaultdict
from collections.abc import Sequence
from html import escape
from itertools import zip_longest
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory

from preprocess.charts import WIDTH, bars, histogram, waveform
from preprocess.coverage import count_phones, front_end_phones
from preprocess.doctor import Diagnosis
from preprocess.doctor_report import by_check, count_severities, summary, verdict
from preprocess.measure import Finding, Measurement
from tts.audio.wav import read_audio, write_audio
from tts.errors import InputError
from tts.page.report import report_page

SHOWN = 50  # findings of a check on the page; the JSON has them all
AUDIBLE = {"sound", "level", "rate", "duplicate", "transcript", "text"}  # checks where listening helps
LONGEST_CLIP_S = 12.0
MOST_BARS = 24  # speakers with a bar each; more become a histogram

Heard = dict[str, str]  # id of an utterance to the HTML that plays it


def html_report(diagnosis: Diagnosis) -> str:
    """The page. It needs nothing else: no network, no other file."""
    counts = count_severities(diagnosis.findings)
    tiles = "".join(f'<div class="tile {name}"><b>{count}</b>{name}s</div>' for name, count in counts.items())
    heard = _players(diagnosis)
    checks = "".join(_check(name, findings, heard) for name, findings in by_check(diagnosis.findings).items())
    kind = "good" if diagnosis.may_train else "bad"
    body = f"""<header><h1>{escape(diagnosis.corpus.resolve().name)}</h1>
<p class="faint">{escape(str(diagnosis.corpus))}</p>
<p>{escape(summary(diagnosis))}</p><p class="verdict {kind}">{escape(verdict(diagnosis))}</p>
<div class="tiles">{tiles}</div></header>
<section><h2>The corpus</h2><div class="charts">{_charts(diagnosis)}</div></section>
<section><h2>Findings</h2>{checks or '<p class="faint">None.</p>'}</section>
<footer>Errors stop preprocessing. Warnings may spoil the voice. Notes are good to know.
Clips are cut to {LONGEST_CLIP_S:g} s; every finding is in the JSON report.</footer>"""
    return report_page(f"{diagnosis.corpus}: corpus report", body)


def _charts(diagnosis: Diagnosis) -> str:
    limits = diagnosis.config.doctor
    heard = [(m, m.sound) for m in diagnosis.measurements if m.sound]
    durations = [sound.duration_s for _, sound in heard]
    rates = [m.n_letters / sound.speech_s for m, sound in heard if m.n_letters and sound.speech_s > 0]
    levels = [sound.level_db for _, sound in heard if isfinite(sound.level_db)]
    edges = [silence_s for _, sound in heard for silence_s in (sound.leading_s, sound.trailing_s)]
    phones = count_phones(diagnosis.measurements)
    phones.update(dict.fromkeys(front_end_phones(diagnosis.config.text), 0))
    rare = {phone for phone, count in phones.items() if count < limits.phone_count}
    figures = [
        _figure("Durations", histogram(durations, "seconds", (limits.shortest_s, limits.longest_s))),
        _figure("Speech rates", histogram(rates, "letters per second of speech")),
        _figure("Levels of the speech", histogram(levels, "dB relative to full scale")),
        _figure("Silence before and after", histogram(edges, "seconds", (limits.edge_silence_s,))),
        _figure("Speakers", _speakers(diagnosis)),
        _figure("Sample rates", bars(_sorted(Counter(str(s.sample_rate) for _, s in heard)), "recordings by Hz")),
        _figure("Phones", bars(phones.most_common(), "times heard, by phone", rare, 2 * WIDTH + 24), "wide"),
    ]
    return "".join(figures)


def _speakers(diagnosis: Diagnosis) -> str:
    minutes: defaultdict[str, float] = defaultdict(float)
    for m in diagnosis.measurements:
        minutes[m.utterance.speaker] += m.sound.duration_s / 60 if m.sound else 0.0
    limit = diagnosis.config.doctor.speaker_minutes
    if len(minutes) > MOST_BARS:
        return histogram(list(minutes.values()), "minutes, by speaker", (limit,))
    low = {speaker for speaker, length in minutes.items() if length < limit}
    return bars(sorted(minutes.items(), key=lambda entry: -entry[1]), "minutes, by speaker", low)


def _sorted(counts: Counter[str]) -> Sequence[tuple[str, float]]:
    return sorted(counts.items(), key=lambda entry: int(entry[0]))


def _figure(title: str, svg: str, kind: str = "") -> str:
    return f'<figure class="{kind}"><figcaption>{title}</figcaption>{svg}</figure>'


def _check(name: str, findings: Sequence[Finding], heard: Heard) -> str:
    shown = findings[:SHOWN]
    rows = "".join(map(lambda finding: _row(finding, heard), shown))
    counts = " ".join(
        f'<span class="badge {severity}">{count}</span>'
        for severity, count in count_severities(findings).items()
        if count
    )
    rest = len(findings) - len(shown)
    more = f'<p class="faint">and {rest:,} more</p>' if rest else ""
    return f"<details open><summary>{escape(name)} {counts}</summary><table>{rows}</table>{more}</details>"


def _row(finding: Finding, heard: Heard) -> str:
    fix = f'<div class="faint">{escape(finding.fix)}</div>' if finding.fix else ""
    return (
        f'<tr><td class="severity"><span class="badge {finding.severity}">{finding.severity}</span></td>'
        f"<td><div>{escape(finding.what)}</div>{fix}<code>{escape(finding.where)}</code></td>"
        f'<td class="clip">{heard.get(finding.utterance, "")}</td></tr>'
    )


def _players(diagnosis: Diagnosis) -> Heard:
    """The worst recordings of every check where listening helps, in turn, as many as the config allows."""
    queues = [
        list(dict.fromkeys(finding.utterance for finding in findings))
        for check, findings in by_check(diagnosis.findings).items()
        if check in AUDIBLE
    ]
    recordings = {m.utterance.id: m for m in diagnosis.measurements if m.sound}
    heard: Heard = {}
    for id in (id for turn in zip_longest(*queues) for id in turn):
        if len(heard) == diagnosis.config.doctor.n_players:
            break
        if id in recordings and id not in heard:
            heard[id] = _player(recordings[id])
    return heard


def _player(measurement: Measurement) -> str:
    try:
        audio, sample_rate = read_audio(measurement.utterance.audio)
    except InputError:  # it could be read before; the corpus is being changed
        return ""
    audio = audio[: round(LONGEST_CLIP_S * sample_rate)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.ogg"
        write_audio(path, audio, sample_rate)
        data = base64.b64encode(path.read_bytes()).decode()
    text = escape(measurement.utterance.text)
    source = f"data:audio/ogg;base64,{data}"
    return f'{waveform(audio)}<audio controls preload="none" src="{source}"></audio><div class="faint">{text}</div>'
