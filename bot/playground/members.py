"""Coming, going and rights."""

from dataclasses import replace
from typing import Any

from bot.playground.shapes import PERMISSIONS, Chat, Member, Message, User
from bot.playground.telling import tell_member, tell_message
from bot.playground.world import World, all_rights


class Membership(World):
    """What people do with who belongs where."""

    def _change(self, chat: Chat, new: Member, actor: User | int | None) -> None:
        old = chat.member(new.user_id)
        chat.members[new.user_id] = new
        who = actor if actor is not None else self._owner(chat)
        tell_member(self, chat, old, new, self.id_of(who) if who is not None else new.user_id)

    def _owner(self, chat: Chat) -> int | None:
        people = [m for m in chat.members.values() if m.user_id not in self.queues and m.present]
        people.sort(key=lambda member: (member.status != "creator", not member.admin, member.user_id))
        return people[0].user_id if people else None

    def join(
        self, chat: Chat | int, user: User | int, by: User | int | None = None, admin: bool = False, **rights: bool
    ) -> None:
        """The user (or bot) is in the chat from now on; as an admin with every right but those given as False."""
        place, who = self.place(chat), self.id_of(user)
        new = Member(who, "member")
        if admin or rights:
            every = dict.fromkeys(all_rights(place), True)
            new = Member(who, "administrator", every | rights)
        self._change(place, new, by if by is not None else user)
        if not place.private and place.type != "channel":
            self.service(place, by or user, {"new_chat_members": [self.users[who].json()]})

    def set_rights(self, chat: Chat | int, user: User | int, by: User | int | None = None, **rights: bool) -> None:
        """Changes an admin's rights; who was no admin becomes one with these rights alone."""
        place, who = self.place(chat), self.id_of(user)
        old = place.member(who)
        kept = old.rights if old.status == "administrator" else {}
        new = replace(old, status="administrator", rights={**kept, **rights})
        self._change(place, new, by)

    def demote(self, chat: Chat | int, user: User | int, by: User | int | None = None) -> None:
        """An admin becomes a member (a bot in a channel: no longer in it)."""
        place, who = self.place(chat), self.id_of(user)
        gone = place.type == "channel" and who in self.queues
        self._change(place, Member(who, "left" if gone else "member"), by)

    def restrict(self, chat: Chat | int, user: User | int, by: User | int | None = None, **permissions: bool) -> None:
        """The member may do all but what is given as False."""
        every = dict.fromkeys(PERMISSIONS, True)
        self._change(self.place(chat), Member(self.id_of(user), "restricted", every | permissions), by)

    def remove(self, chat: Chat | int, user: User | int, by: User | int | None = None, status: str = "kicked") -> None:
        """The user is put out; with `status="left"` they went by themselves."""
        place, who = self.place(chat), self.id_of(user)
        if place.type in ("group", "supergroup"):
            self.service(place, by or who, {"left_chat_member": self.users[who].json()})
        self._change(place, Member(who, status), by if by is not None or status == "kicked" else who)

    def block(self, user: User | int, blocked: bool = True) -> None:
        """The person blocks the bot (or takes it back): sends to them are 403 from now on."""
        place = self.private(user)
        place.blocked = blocked
        free, barred = Member(place.bot_id, "member"), Member(place.bot_id, "kicked")
        old, new = (free, barred) if blocked else (barred, free)
        tell_member(self, place, old, new, place.id)

    def migrate(self, group: Chat | int) -> Chat:
        """The basic group becomes a supergroup, which is returned; the old id answers with the new one."""
        old = self.place(group)
        new = Chat(-1_003_000_000_000 - next(self.numbers), "supergroup", old.title)
        new.members = {who: replace(member) for who, member in old.members.items()}
        self.chats[new.id] = new
        actor = self._owner(old)
        self.service(old, actor or 0, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self.service(new, actor or 0, {"migrate_from_chat_id": old.id})
        return new

    def close_chat(self, chat: Chat | int) -> None:
        """The chat is deleted for everybody."""
        place = self.place(chat)
        place.deleted = True
        for bot in list(self.bots.values()):
            if place.member(bot.id).present:
                self.remove(place, bot, status="left")

    def service(self, chat: Chat | int, user: User | int, what: dict[str, Any]) -> Message:
        """A service message, such as `{"new_chat_title": "…"}`."""
        place, who = self.place(chat), self.id_of(user)
        message = Message(self.next_message_id(place), place.id, self.now(), service=what)
        if place.type == "channel":
            message.sender_chat = place.id
        elif who:
            message.from_user = who
        place.messages[message.message_id] = message
        tell_message(self, place, message)
        return message
