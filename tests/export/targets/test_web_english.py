"""The page reads numbers, money, units and signs as our front end does: by the same tables, run by Node."""

import json
import re
import shutil
import subprocess

import pytest

from tts.export.targets.web import PAGE
from tts.export.targets.web_english import page_characters, page_english
from tts.text.english.pronunciations import known_words
from tts.text.english.reading import read

TEXTS = [
    "It weighs 101 pounds, 1,250,000 grams, 2.0 stones, 0.05 or 007.",
    "12345 and 1234567890123 and 12345678901234567",
    "Born in 1984, 1905, 2005, 1900 and 2024.",
    "The 21st, the 3rd, the 12th, the 20th and the 101st boats.",
    "$3.50, €1.01, £5.99, £5.05, ¥500, $1, $0.99, $2 million, $1,000.",
    "At 3:30 pm, 7:05, 10:00 a.m., 9 am, 7:00 and 18:45 they ate.",
    "Run 5 km, lift 1 kg, pour 250 ml at 60 Hz, 100 Mbps. 25% of them, 0.5%.",
    "Salt & water ± 5, √2 ≈ 1.41, ½ of it.",
    "Mr. Smith met Dr. Jones and Prof. Lee.",
    "Smørrebrød, café, naïve, Łódź.",
]


def words_of_the_front_end(text: str) -> str:
    sentences = read(text, "en-us", known_words().__contains__)
    return " ".join(word for sentence in sentences for token in sentence for word in token.words).lower()


def test_both_read_alike() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node")
    script = f"""
        {(PAGE / "english.js").read_text(encoding="utf-8")}
        const characters = {json.dumps(page_characters(english=True))};
        const english = new English({json.dumps(page_english())});
        const plain = (text) => [...text].map((char) => characters[char] ?? char).join("").normalize("NFD");
        const said = (text) => english.normalise(plain(text).replace(/\\p{{M}}/gu, "")).normalize("NFKC");
        console.log(JSON.stringify({json.dumps(TEXTS)}.map(said)));
    """
    done = subprocess.run([node, "-"], input=script, capture_output=True, encoding="utf-8", check=True)
    read_by_page = [re.sub(r"[^\w\s']", " ", text).lower().split() for text in json.loads(done.stdout)]
    assert read_by_page == [words_of_the_front_end(text).split() for text in TEXTS]
