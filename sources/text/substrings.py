"""Find which of many strings occur in a text, in time that grows with the lengths, not with their product. Pure."""

from collections.abc import Iterable

# Number of strings × characters of text. Up to this, searching for each string takes a few milliseconds.
FEW = 4_000_000


def standing_in(text: str, strings: Iterable[str]) -> set[str]:
    """Return the strings that occur in the text; the empty string always does."""
    asked = set(strings)
    if len(asked) * len(text) <= FEW:
        return {one for one in asked if one in text}
    asked = {one for one in asked if len(one) <= len(text)}
    return _Automaton(asked).standing_in(text)


class _Automaton:
    """Aho-Corasick in one pass over the text.

    Does not report positions, because as many matches as there are strings may end at one position. Records the
    visited states instead, and follows the suffix links once at the end.
    """

    def __init__(self, strings: Iterable[str]):
        self.next: list[dict[str, int]] = [{}]
        self.ends: dict[str, int] = {}
        for string in strings:
            self._add(string)
        # `order`: states by depth. `shorter`: the suffix link, to the state of the longest proper suffix that is a
        # prefix.
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
        for state in self.order:  # the list grows during iteration
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
