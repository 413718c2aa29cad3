import json
from pathlib import Path

from click.testing import CliRunner

from tts.cli import main
from tts.text.account import as_object, as_table
from tts.text.sentences import Pause, Sentence, Unread, Word

TEXT = "$3.50 日本, no."
THREE = Word("Three", ("TH", "R", "IY1"), start=0, end=5, kind="money")
FIFTY = Word("fifty", ("F", "IH1", "F", "T", "IY0"), Pause.COMMA, start=0, end=5, kind="money")
NO = Word("no", ("N", "OW1"), Pause.FULL_STOP, start=10, end=12, origin="given")
SENTENCE = Sentence((THREE, FIFTY, NO), (Unread("日本", 6, 8),))


def test_a_program_gets_the_words_their_places_and_what_is_left_out() -> None:
    account = as_object(SENTENCE)
    assert (account["spoken"], account["end"]) == ("three fifty no", "full stop")
    assert account["words"][1] == {
        "text": "fifty",
        "phones": ["F", "IH1", "F", "T", "IY0"],
        "start": 0,
        "end": 5,
        "class": "money",
        "origin": "lexicon",
        "pause": "comma",
    }
    assert account["unread"] == [{"text": "日本", "start": 6, "end": 8}]


def test_a_person_sees_what_is_written_once_beside_its_words() -> None:
    first, second, comma, third, _, unread = as_table(SENTENCE, TEXT)
    assert first.split() == ["$3.50", "money", "Three", "TH", "R", "IY1", "lexicon"]
    assert second.split() == ["money", "fifty", "F", "IH1", "F", "T", "IY0", "lexicon"]
    assert comma.split() == ["--", "comma"]
    assert third.split() == ["no", "word", "no", "N", "OW1", "given"]
    assert unread.split() == ["日本", "unread"]


def test_the_command_reads_a_text_or_a_line_each(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("Yes.\n\nWhy not? No.\n...\n漢字\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["read", "--json", "--input", str(lines)])
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(sentence["line"], sentence["spoken"], sentence["end"]) for sentence in said] == [
        (1, "yes", "full stop"),
        (3, "why not", "question"),
        (3, "no", "full stop"),
        (4, "", "none"),
        (5, "", "none"),
    ]
    assert [entry["text"] for entry in said[-1]["unread"]] == ["漢字"]
    table = CliRunner().invoke(main, ["read", "Yes."])
    assert table.exit_code == 0 and "Y EH1 S" in table.stdout
    assert CliRunner().invoke(main, ["read"]).exit_code == 2


def test_the_command_reads_markup_given_phones_and_a_lexicon_as_they_are_spoken(tmp_path: Path) -> None:
    lexicon = tmp_path / "own.txt"
    lexicon.write_text("gif = jiff\n", encoding="utf-8")
    text = '<speak>A gif, [[HH IH1 R]] <break time="700ms"/> now.</speak>'
    done = CliRunner().invoke(main, ["read", "--json", "--markup", "ssml", "--lexicon", str(lexicon), text])
    (sentence,) = map(json.loads, done.stdout.splitlines())
    words = sentence["words"]
    assert [word["phones"] for word in words[1:3]] == [["JH", "IH1", "F"], ["HH", "IH1", "R"]]
    assert words[2]["pause_s"] == 0.7 and text[words[3]["start"] : words[3]["end"]] == "now"
    table = CliRunner().invoke(main, ["read", "--markup", "ssml", text])
    assert "-- 0.7 s" in table.stdout


def test_what_has_no_reading_is_shown_where_it_stands_in_the_markup() -> None:
    text = "<speak>漢字</speak>"
    done = CliRunner().invoke(main, ["read", "--json", "--markup", "ssml", text])
    (sentence,) = map(json.loads, done.stdout.splitlines())
    (part,) = sentence["unread"]
    assert text[part["start"] : part["end"]] == "漢字"
