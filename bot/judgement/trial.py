"""A labelled day as the bot would have lived it: the stories it would have made and the order it would have told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.judgement.grouping import Memory
from bot.judgement.labelled import Post
from bot.judgement.ranking import Ranked, rank
from bot.judgement.signals import Rubric
from bot.judgement.states import first, turn
from bot.judgement.tastes import Taste
from bot.judgement.tellings import telling
from storage.model import Item, Story

LATER = timedelta(minutes=1)  # after the last post the edition is made


@dataclass(frozen=True, slots=True)
class Lived:
    """A day's stories, and for each post's id the story it went into."""

    posts: Sequence[Post]
    stories: Sequence[Story]
    story_of: Mapping[str, int]


def live(posts: Sequence[Post]) -> Lived:
    """The posts told one after another; numbers of reports are places in the day, from 1."""
    memory, found, story_of = Memory(), dict[int, Story](), dict[str, int]()
    for number, post in enumerate(posts, 1):
        item, text = _item(number, post), telling(post.title, post.lead)
        story_id = memory.nearest(text, post.at) or number
        memory.add(number, story_id, text, post.at)
        found[story_id] = _joined(found.get(story_id), story_id, item)
        story_of[post.id] = story_id
    return Lived(posts, list(found.values()), story_of)


def ranked(day: Lived, rubric: Rubric, taste: Taste) -> list[Ranked]:
    """The day's stories as an edition right after its last post would rank them."""
    return rank(day.stories, now=day.posts[-1].at + LATER, rubric=rubric, taste=taste)


def order(day: Lived, ranking: Sequence[Ranked]) -> list[str]:
    """Every post: first one for each story, the one that speaks for it, then the rest story by story."""
    speaking = [one.story.state.item_id for one in ranking]
    known = set(speaking)
    rest = [item.id for one in ranking for item in one.story.items if item.id not in known]
    return [day.posts[number - 1].id for number in speaking + rest]


def _joined(story: Story | None, story_id: int, item: Item) -> Story:
    if story is None:
        return Story(story_id, first(story_id, item), (item,))
    state = turn(story.state, item, story.items).state or story.state
    return replace(story, state=state, items=(*story.items, item))


def _item(number: int, post: Post) -> Item:
    return Item(
        id=number, version=1, kind="news", title=post.title, lead=post.lead, url="", language="uk",
        sections=(post.section,) if post.section else (), published_at=post.at, seen_at=post.at,
        source_id=1, source="", family="one", own=False,
    )  # fmt: skip
