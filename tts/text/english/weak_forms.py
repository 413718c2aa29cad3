"""Function words as they are said within a phrase, without stress and with a lesser vowel (their weak forms).

At the end of a phrase they keep the form that the lexicon lists: "What is it for?".
"""

from tts.text.sentences import Phones

Forms = dict[str, Phones]


def _forms(table: str) -> Forms:
    return {word: tuple(phones) for word, *phones in map(str.split, table.strip().splitlines())}


# What aligners of recorded speech hear most, too.
REDUCED = _forms("""
    an AH0 N
    of AH0 V
    than DH AH0 N
    was W AH0 Z
    were W ER0
    and AE1 N D
    in IH1 N
    to T AH0
""")
# What a reader that marks no function word as stressed says.
UNSTRESSED = REDUCED | _forms("""
    am AH0 M
    and AE0 N D
    are AA0 R
    as AE0 Z
    at AE0 T
    be B IY0
    been B IH0 N
    but B AH2 T
    by B AY0
    can K AE0 N
    could K UH0 D
    down D AW2 N
    for F AO0 R
    from F R AH0 M
    had HH AE0 D
    has HH AE0 Z
    have HH AE0 V
    he HH IY0
    her HH ER0
    him HH IH2 M
    his HH IH0 Z
    how HH AW2
    i AY2
    if IH0 F
    in IH0 N
    is IH0 Z
    it IH0 T
    its IH0 T S
    me M IY2
    might M AY2 T
    my M AY0
    not N AA2 T
    on AO2 N
    or AO0 R
    our AW2 ER0
    shall SH AE2 L
    she SH IY0
    should SH UH2 D
    so S OW2
    some S AH2 M
    that DH AE0 T
    their DH EH0 R
    them DH EH2 M
    there DH EH0 R
    these DH IY0 Z
    they DH EY0
    this DH IH0 S
    through TH R UW0
    up AH2 P
    us AH2 S
    we W IY0
    what W AH2 T
    when W EH2 N
    which W IH2 CH
    who HH UW2
    will W IH0 L
    with W IH0 DH
    would W UH0 D
    you Y UW0
    your Y UH0 R
""")
