"""Which of many strings stand in a text, found in time that grows with their lengths, not with their product. Pure."""

from collections.abc import Iterable

# Number of strings times characters of the text: up to here to ask for each by itself takes a few milliseconds.
FEW = 4_000_000


def standing_in(text: str, strings: Iterable[str]) -> set[str]:
    """Those of the strings that are a piece of the text; the empty one always is."""
    asked = set(strings)
    if len(asked) * len(text) <= FEW:
        return {one for one in asked if one in text}
    asked = {one for one in asked if len(one) <= len(text)}
    return _Automaton(asked).standing_in(text)


class _Automaton:
    """Aho and Corasick's, which goes through the text once. It does not say where a string stands, for at one place
    there may be as many as there are strings: it remembers which states it was in, and looks back once at the end."""

    def __init__(self, strings: Iterable[str]):
        self.next: list[dict[str, int]] = [{}]
        self.ends: dict[str, int] = {}
        for string in strings:
            self._add(string)
        # In the order of their lengths: the state of the longest end of this one that is a beginning of another.
        self.order: list[int] = []
        self.shorter = [0] * len(self.next)
        self._link()

    def _add(self, string: str) -> None:
        state = 0
        for char in string:
            following = self.next[state].get(char)
            if following is None:
                following = self.next[state][char] = len(self.next)
                self.next.append({})
            state = following
        self.ends[string] = state

    def _link(self) -> None:
        self.order = list(self.next[0].values())
        for state in self.order:  # which grows as it is walked
            for char, following in self.next[state].items():
                self.shorter[following] = self._step(self.shorter[state], char)
                self.order.append(following)

    def _step(self, state: int, char: str) -> int:
        while state and char not in self.next[state]:
            state = self.shorter[state]
        return self.next[state].get(char, 0)

    def standing_in(self, text: str) -> set[str]:
        met, state = bytearray(len(self.next)), 0
        met[0] = 1
        for char in text:
            state = self._step(state, char)
            met[state] = 1
        for state in reversed(self.order):
            if met[state]:
                met[self.shorter[state]] = 1
        return {string for string, state in self.ends.items() if met[state]}
