"""Is the game between generator and discriminators healthy? What is wrong, since when, and what usually helps.

The terms that the training step reports are averaged over windows of steps; each window and validation is asked for
its symptoms. A symptom that lasts becomes an alarm, a plain sentence. Two of them are beyond recovery, and end the run.

A discriminator's *skill* makes its criteria comparable: 1 - loss / loss of guessing, so that 0 is a coin's and 1 never
errs. For least squares it is the coefficient of determination of its scores.
"""

from collections.abc import Iterable, Mapping, Set
from copy import copy
from math import inf, log
from statistics import fmean
from typing import Any, NamedTuple

from tts.config.training import VocoderTrainingConfig

PATIENCE = 3  # windows; healthy discriminators pass through guessing in their first, at most their second
HOPELESS = 20  # windows, three validations by default, after which nothing comes back by itself

GUESSING = {"least_squares": 0.5, "hinge": 2.0, "bce": 2 * log(2)}  # loss, real + fake, of constant scores
STUCK_SKILL = 0.02  # least squares within 0.01 of 0.5; in healthy games 0.05 to 0.6
WON_SKILL = 0.9  # of the mean; in healthy games no more than 0.7
DIVERGED_SKILL = -2.0  # three times the loss of guessing; fresh discriminators begin at twice (least squares)

# How far the features of recorded and generated audio are apart, as a share of their size: whatever the layers, the
# criterion and the reduction of feature matching.
DEAD_FEATURES = 0.01
VANISHED_FEATURES = 0.1  # healthy ones begin at 0.15 and stay at 0.4 to 0.7, those of the first layer at 0.2 to 0.3

EXPLODED, FLAT = 20.0, 1e-3  # gradient norms, times what was usual before; healthy windows differ by 3
USUAL_DECAY = 0.9  # per window

# Validation. Healthy generators begin quiet, at a fifth of the recording's level.
QUIET, LOUD = 0.05, 4.0  # amplitude ratios, -26 and +12 dB
SNR_FALL_DB = 6.0  # below the best, or below 0 dB: right level with wrong phase gives -3 dB, which is not a fault
WORSE = 1.5  # times the best validation loss; discriminators that join cost some 10 %


class Kind(NamedTuple):
    """Of alarms."""

    what: str
    helps: str
    patience: int = PATIENCE  # windows for which the symptom lasts before it is an alarm
    ends: bool = False  # the run, once the symptom has lasted for ``HOPELESS`` windows


LOWER_RATE = "a lower learning rate, from a checkpoint before that step"
KINDS = {
    "stuck": Kind(
        "discriminators cannot tell recordings from generated audio",
        "fewer groups (max_groups), more width, another set of discriminators",
    ),
    "dead": Kind(
        "discriminators are dead: recordings and generated audio give them the same features",
        "more width, a lower learning rate; or leave them out",
    ),
    "vanished": Kind(
        "feature matching has vanished: stuck discriminators have nothing to teach",
        "what helps stuck discriminators",
    ),
    "won": Kind(
        "discriminators have won: the generator cannot learn from judges that never err",
        "more steps of the STFT loss alone first (start_steps), narrower discriminators",
    ),
    "unopposed": Kind(
        "discriminators have won: the weight of 'adversarial' is 0, so the generator does not oppose them",
        "a weight above 0, unless they are only meant to be watched",
    ),
    "diverged": Kind("discriminators are far worse than guessing", LOWER_RATE, patience=0),
    "exploded": Kind("gradients have exploded", LOWER_RATE, patience=0),
    "generator_flat": Kind("the generator has no gradient left", LOWER_RATE, ends=True),
    "discriminators_flat": Kind("the discriminators have no gradient left", "a lower learning rate, other ones"),
    "collapsed": Kind(
        "the generator has collapsed: its audio is silent or saturated",
        "a lower learning rate, larger weights of the STFT loss, from a checkpoint before that step",
        ends=True,
    ),
    "noisy": Kind("the generator's audio moves away from the recordings", LOWER_RATE),
    "worse": Kind("validation gets worse", LOWER_RATE),
}

OF_VALIDATION = {"collapsed", "noisy", "worse"}  # the other kinds are of windows
FLAT_KINDS = {"generator_gradient_norm": "generator_flat", "discriminators_gradient_norm": "discriminators_flat"}
STATE = ("_begin", "_totals", "_usual", "_best", "_courses", "_told", "_over")

Symptoms = dict[str, str]  # kind, or kind/subject -> what was measured


def window_symptoms(
    means: Mapping[str, float], usual_norms: Mapping[str, float], config: VocoderTrainingConfig
) -> Symptoms:
    """What is wrong with the terms of a window.

    means: of the terms that training reports; what has not started is absent. usual_norms: the gradient norms of
    earlier windows, by the same names.
    """
    found: Symptoms = {}
    guessing = GUESSING[config.adversarial.criterion]
    losses = {
        name.split("/")[1]: value + means[name.removesuffix("real") + "fake"]
        for name, value in means.items()
        if name.startswith("discriminator/") and name.endswith("/real")
    }
    for name, loss in losses.items():
        features = means.get(f"feature_matching/{name}/relative", inf)
        if 1 - loss / guessing < DIVERGED_SKILL:
            found[f"diverged/{name}"] = f"{name} {loss:.3g} ({guessing:.3g} is guessing)"
        elif 1 - loss / guessing < STUCK_SKILL:
            found[f"stuck/{name}"] = f"{name} {loss:.3f} ({guessing:.3g} is guessing)"
            if features < VANISHED_FEATURES:
                found[f"vanished/{name}"] = f"{name} {features:.2g}"
        if features < DEAD_FEATURES:
            found[f"dead/{name}"] = f"{name} {features:.2g}"
            found.pop(f"vanished/{name}", None)
    if losses and 1 - fmean(losses.values()) / guessing > WON_SKILL:
        figure = f"{fmean(losses.values()):.2g} on average ({guessing:.3g} is guessing)"
        found["won" if config.weights["adversarial"] else "unopposed"] = figure
    for name, usual in usual_norms.items():
        if name in means and means[name] > EXPLODED * usual:
            found[f"exploded/{name}"] = f"{name} {means[name]:.2g} after {usual:.2g}"
        elif name in means and means[name] < FLAT * usual:
            found[f"{FLAT_KINDS[name]}/{name}"] = f"norm {means[name]:.2g} after {usual:.2g}"
    return found


def validation_symptoms(terms: Mapping[str, float], loss: float, best: Mapping[str, float]) -> Symptoms:
    """What is wrong with a validation. ``best``: of the ``loss`` and, where it is measured, ``snr_db``, until then."""
    found: Symptoms = {}
    if "amplitude_ratio" in terms and not QUIET <= terms["amplitude_ratio"] <= LOUD:
        found["collapsed"] = f"amplitude {terms['amplitude_ratio']:.1%} of the recordings'"
    if "snr_db" in terms and terms["snr_db"] < max(best["snr_db"], 0.0) - SNR_FALL_DB:
        found["noisy"] = f"SNR {terms['snr_db']:.1f} dB after {best['snr_db']:.1f} dB"
    if loss > WORSE * best["loss"]:
        found["worse"] = f"{loss:.3g} after {best['loss']:.3g}"
    return found


class Alarm(NamedTuple):
    """Symptoms of one kind that have lasted for equally long."""

    kind: str
    since: int  # step
    until: int | None  # step; None: it lasts
    figures: str

    def __str__(self) -> str:
        when = f"since step {self.since:,}" if self.until is None else f"from step {self.since:,} to {self.until:,}"
        return f"{KINDS[self.kind].what}, {when}: {self.figures}"


class Health:
    """Follows a run of the vocoder. Processes that train together see the same means, and so come to the same end."""

    def __init__(self, config: VocoderTrainingConfig) -> None:
        self.config, self.window = config, config.alarm_window
        self._begin: int | None = None  # finished steps where the window begins
        self._totals: dict[str, tuple[float, int]] = {}  # term -> sum, count, in the window
        self._usual: dict[str, float] = {}  # gradient norm -> running mean over healthy windows
        self._best: dict[str, float] = {}  # of validations
        self._courses: dict[str, tuple[int, int, str]] = {}  # symptom -> first and latest step, latest figure
        self._told: list[str] = []  # symptoms of alarms that have been raised already
        self._over: list[tuple[str, int, int, str]] = []  # alarms that have ended, and are

    def update(self, values: Mapping[str, float], step: int) -> None:
        """Add terms of ``step``, the one under way."""
        self._judge(step - 1)
        for name, value in values.items():
            total, count = self._totals.get(name, (0.0, 0))
            self._totals[name] = (total + value, count + 1)

    def validation(self, terms: Mapping[str, float], loss: float, step: int) -> None:
        """Judge the means over the validation split after ``step`` steps."""
        best = {
            "loss": min(loss, self._best.get("loss", loss)),
            "snr_db": max(terms.get("snr_db", -inf), self._best.get("snr_db", -inf)),
        }
        self._follow(validation_symptoms(terms, loss, best), step, step, OF_VALIDATION)
        self._best = best

    def lasting(self) -> list[Alarm]:
        """The alarms there are now."""
        return _grouped([(symptom, since, None, figure) for symptom, (since, _, figure) in self._alarms()])

    def news(self, step: int) -> list[Alarm]:
        """After ``step`` steps: the alarms that have begun or ended since this was asked before."""
        self._judge(step)
        begun = [
            (symptom, since, None, figure)
            for symptom, (since, _, figure) in self._alarms()
            if symptom not in self._told
        ]
        news = _grouped([*self._over, *begun])
        self._told, self._over = [symptom for symptom, _ in self._alarms()], []
        return news

    @property
    def hopeless(self) -> Alarm | None:
        """Why the run should end, if it should."""
        for symptom, (since, latest, figure) in self._alarms():
            if KINDS[_kind(symptom)].ends and latest - since >= HOPELESS * self.window:
                return Alarm(_kind(symptom), since, None, figure)
        return None

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs to judge as if it had never stopped."""
        return {name: copy(getattr(self, name)) for name in STATE}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        for name in STATE:
            setattr(self, name, copy(state[name]))

    def _judge(self, step: int) -> None:
        """Close the window if ``step`` finished steps complete it."""
        if self._begin is None:
            self._begin = step
        if step - self._begin < self.window:
            return
        means = {name: total / count for name, (total, count) in self._totals.items()}
        found = window_symptoms(means, self._usual, self.config)
        self._follow(found, self._begin + 1, step, KINDS.keys() - OF_VALIDATION)
        for name in means.keys() & FLAT_KINDS.keys() - {symptom.partition("/")[2] for symptom in found}:
            self._usual[name] = means[name] + USUAL_DECAY * (self._usual.get(name, means[name]) - means[name])
        self._begin, self._totals = step, {}

    def _follow(self, found: Symptoms, first: int, latest: int, kinds: Set[str]) -> None:
        """Begin, continue and end the courses of symptoms of ``kinds``, seen from step ``first`` to ``latest``."""
        for symptom, (since, until, figure) in self._alarms():
            if symptom not in found and _kind(symptom) in kinds:
                self._over.append((symptom, since, until, figure))
        others = {symptom: course for symptom, course in self._courses.items() if _kind(symptom) not in kinds}
        begun = {symptom: since for symptom, (since, _, _) in self._courses.items()}
        self._courses = others | {name: (begun.get(name, first), latest, figure) for name, figure in found.items()}

    def _alarms(self) -> list[tuple[str, tuple[int, int, str]]]:
        """The courses that have lasted for long enough."""
        return [
            (symptom, course)
            for symptom, course in self._courses.items()
            if course[1] - course[0] + 1 >= KINDS[_kind(symptom)].patience * self.window
        ]


def _grouped(symptoms: Iterable[tuple[str, int, int | None, str]]) -> list[Alarm]:
    """One alarm of all symptoms that are of one kind and have lasted for equally long."""
    figures: dict[tuple[str, int, int | None], list[str]] = {}
    for symptom, since, until, figure in symptoms:
        figures.setdefault((_kind(symptom), since, until), []).append(figure)
    return [Alarm(*key, ", ".join(of_key)) for key, of_key in figures.items()]


def _kind(symptom: str) -> str:
    return symptom.partition("/")[0]
