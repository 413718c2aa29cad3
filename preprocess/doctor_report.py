"""What the doctor found, for a person at a terminal and for a program."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from preprocess.doctor import SEVERITIES, Diagnosis
from preprocess.measure import Finding, Measurement

SHOWN = 5  # findings of a check on the terminal; the JSON has them all


def verdict(diagnosis: Diagnosis) -> str:
    """One sentence: may training start?"""
    counts = count_severities(diagnosis.findings)
    if not diagnosis.may_train:
        return f"Not yet: {_plural(counts['error'], 'error')} would stop preprocessing."
    if counts["warning"]:
        return f"Training may start; {_plural(counts['warning'], 'warning')} may spoil the voice."
    return "Training may start."


def summary(diagnosis: Diagnosis) -> str:
    """Size of the corpus in a line."""
    sounds = [m.sound for m in diagnosis.measurements if m.sound]
    rates = ", ".join(f"{rate} Hz" for rate in sorted({sound.sample_rate for sound in sounds}))
    minutes = sum(sound.duration_s for sound in sounds) / 60
    n_speakers = len({m.utterance.speaker for m in diagnosis.measurements})
    sizes = [
        _plural(len(diagnosis.measurements), "utterance"),
        f"{minutes:.1f} minutes",
        _plural(n_speakers, "speaker"),
    ]
    return ", ".join([*sizes, rates] if rates else sizes)


def text_report(diagnosis: Diagnosis) -> str:
    """Findings check by check, the table of their numbers, and the verdict last, where a person looks first."""
    lines = []
    for check, findings in by_check(diagnosis.findings).items():
        lines += [f"{finding.severity:<8} {check:<12} {one_line(finding)}" for finding in findings[:SHOWN]]
        if len(findings) > SHOWN:
            lines.append(f"{'':<8} {check:<12} ... and {len(findings) - SHOWN} more: see --json or --html")
    if diagnosis.findings:
        lines += ["", f"{'check':<14}" + "".join(f"{severity + 's':>10}" for severity in SEVERITIES)]
        for check, findings in by_check(diagnosis.findings).items():
            counts = count_severities(findings)
            lines.append(f"{check:<14}" + "".join(f"{counts[severity] or '':>10}" for severity in SEVERITIES))
    return "\n".join([*lines, "", f"{diagnosis.corpus}: {summary(diagnosis)}", verdict(diagnosis)]).lstrip("\n")


def json_report(diagnosis: Diagnosis) -> str:
    """Everything: the findings, and what was measured of each utterance. What is infinite (silence) is null."""
    report = {
        "corpus": str(diagnosis.corpus),
        "may_train": diagnosis.may_train,
        "verdict": verdict(diagnosis),
        "summary": summary(diagnosis),
        "counts": count_severities(diagnosis.findings),
        "limits": diagnosis.config.doctor.model_dump(),
        "findings": [_finite_values(asdict(finding)) for finding in diagnosis.findings],
        "utterances": [_row(m) for m in diagnosis.measurements],
    }
    return json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False)


def by_check(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Checks that found something, the gravest first."""
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.check].append(finding)
    return dict(groups)


def one_line(finding: Finding) -> str:
    return f"{finding.where}: {finding.what}" + (f"; {finding.fix}" if finding.fix else "")


def count_severities(findings: Sequence[Finding]) -> dict[str, int]:
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in SEVERITIES}


def _row(m: Measurement) -> dict[str, Any]:
    u = m.utterance
    return {
        "id": u.id,
        "speaker": u.speaker,
        "text": u.text,
        "line": u.line,
        "audio": str(u.audio),
        "textgrid": str(u.textgrid),
        "sound": _finite_values(asdict(m.sound)) if m.sound else None,
        "alignment": {"end_s": m.alignment.end_s, "phones": dict(m.alignment.phones)} if m.alignment else None,
    }


def _finite_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in values.items()}


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)
