"""Lists of words as they are kept in the code: words between spaces."""


def word_list(words: str) -> list[str]:
    return words.split()


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())
