"""Whatever happens to a link on its way, no answer is read from it that was not in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from checker import Policy
from checker.answers.kinds import kind_of
from checker.answers.kinds.kind import StoredAnswer
from checker.answers.parse import UNKNOWN
from checker.web.permalink import read, write
from macros.analysis.load import load
from tests.support.damaged_links import WHOLE, assert_nothing_untrue, link_of, with_prefixes
from tests.support.fuzzing import fuzz
from tests.support.paths import POLICIES

LOADED = [load(file) for file in sorted(POLICIES.glob("*.yaml"))]
ANY_POLICY = st.sampled_from([*LOADED, *map(with_prefixes, LOADED)])


@st.composite
def cases(draw: st.DrawFn, policy: Policy) -> dict[str, StoredAnswer]:
    """Answers to some of the questions, as links have them."""
    answers: dict[str, StoredAnswer] = {}
    amounts = st.decimals(0, 10**6, places=2).map(str)
    for name, question in policy.questions.items():
        kind = kind_of(question)
        text: st.SearchStrategy[str] = st.sampled_from([*kind.ids(policy, question), UNKNOWN])
        if kind.counts_days:
            text |= st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(str)
        if kind.is_money:
            text = amounts
        if draw(st.booleans()):
            answers[name] = draw(st.lists(text, min_size=1, max_size=3)) if kind.is_list else draw(text)
    return answers


@given(policy=ANY_POLICY, changes=st.lists(st.sampled_from(WHOLE), max_size=2), data=st.data())
@fuzz(few=100)
def test_changed_link_gives_the_same_answers_or_names_what_is_missing(
    policy: Policy, changes: list[Callable[[str], str]], data: st.DataObject
) -> None:
    link = arrived = link_of(write(policy, data.draw(cases(policy)), amounts=True))
    for change in changes:
        arrived = change(arrived)
    assert_nothing_untrue(policy, link, arrived)
    given_ = read(policy, arrived)
    assert given_.answers == read(policy, link).answers or given_.unread or given_.is_cut


@given(policy=ANY_POLICY, changes=st.lists(st.sampled_from(WHOLE), max_size=2), data=st.data())
@fuzz(few=100)
def test_changed_link_that_is_cut_gives_whole_answers_or_none(
    policy: Policy, changes: list[Callable[[str], str]], data: st.DataObject
) -> None:
    link = arrived = link_of(write(policy, data.draw(cases(policy)), amounts=True))
    cut = data.draw(st.integers(0, len(changes)))
    for change in changes[:cut]:
        arrived = change(arrived)
    arrived = arrived[: data.draw(st.integers(0, len(arrived)))]
    for change in changes[cut:]:
        arrived = change(arrived)
    assert_nothing_untrue(policy, link, arrived)
