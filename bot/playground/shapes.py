"""What the playground's world is made of: users, chats, messages, files. Plain values that can be pickled."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)  # fmt: skip
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info",
    "can_invite_users", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


@dataclass
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "uk"
    is_bot: bool = False
    hides_forwards: bool = False

    def json(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username}
        if not self.is_bot:
            optional["language_code"] = self.language_code
        return user | {name: value for name, value in optional.items() if value}


@dataclass
class Member:
    user_id: int
    status: str
    rights: dict[str, bool] = field(default_factory=dict)
    anonymous: bool = False
    title: str = ""

    @property
    def present(self) -> bool:
        return self.status in ("creator", "administrator", "member", "restricted")

    @property
    def admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """True for a creator, and for an administrator or a restricted member who was given the right."""
        return self.status == "creator" or (self.status != "left" and self.rights.get(right, False))


@dataclass
class File:
    file_id: str
    unique_id: str
    kind: str
    content: bytes
    name: str = ""
    mime: str = ""
    url: str = ""
    width: int = 0
    height: int = 0
    duration: int = 0

    @property
    def path(self) -> str:
        return f"{self.kind}s/{self.unique_id}{'_' + self.name if self.name else ''}"


@dataclass
class Version:
    """What a message said before an edit."""

    date: float
    text: str
    entities: list[Json]
    reply_markup: Json | None
    media: Json | None


@dataclass
class Message:
    """A message as it stands now. `text` is the caption where there is media."""

    message_id: int
    chat_id: int
    date: float
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    reply_markup: Json | None = None
    from_user: int | None = None
    sender_chat: int | None = None
    signature: str = ""
    edited: float | None = None
    pinned: bool = False
    silent: bool = False
    protected: bool = False
    deleted: bool = False
    link_preview: Json | None = None
    # {"photo": [PhotoSize…]}, {"video": {…}}, {"poll": {…}}, …: as the Bot API gives it
    media: Json | None = None
    media_extra: Json = field(default_factory=dict)  # has_media_spoiler, show_caption_above_media
    media_group_id: str | None = None
    forward_origin: Json | None = None
    reply_to: int | None = None
    external_reply: Json | None = None
    quote: Json | None = None
    thread_id: int | None = None
    service: Json | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    anonymous_reactions: list[Json] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    receiver: int | None = None  # an ephemeral message is seen by this user alone
    ephemeral_id: int | None = None
    via_bot: int | None = None  # the bot whose inline result it is
    by_bot: int | None = None  # the bot that made it, also where readers see only the channel
    via: str = ""  # the method that made it; "" when a person did

    @property
    def kind(self) -> str:
        """ "text", "service", or the name of its media."""
        if self.service:
            return "service"
        return next(iter(self.media)) if self.media else "text"

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons, row after row."""
        return [button for row in (self.reply_markup or {}).get("inline_keyboard", []) for button in row]

    def keep_version(self) -> None:
        """Puts what it says now into its history."""
        at = self.edited or self.date
        self.versions.append(Version(at, self.text, self.entities, self.reply_markup, self.media))


@dataclass
class Chat:
    id: int
    type: str
    title: str = ""
    username: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    ephemeral: dict[int, Message] = field(default_factory=dict)
    next_id: int = 1
    bot_id: int = 0  # the other side of a private chat
    blocked: bool = False
    started: bool = True
    forum: bool = False
    topics: dict[int, Json] = field(default_factory=dict)
    protected: bool = False
    signed: bool = False
    migrated_to: int | None = None
    deleted: bool = False
    permissions: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(PERMISSIONS, True))
    reactions: list[str] | None = None  # None: every reaction is allowed
    linked: int | None = None
    description: str = ""

    @property
    def private(self) -> bool:
        return self.type == "private"

    @property
    def name(self) -> str:
        return f"{self.type} chat"

    def member(self, user_id: int) -> Member:
        """The member, or one who has left."""
        return self.members.get(user_id) or Member(user_id, "left")

    def alive(self) -> list[Message]:
        """The messages that are there, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]


@dataclass
class Bot(User):
    token: str = ""
    revoked: bool = False
    privacy: bool = True
    inline: bool = True
    inline_feedback: bool = True
    joins_groups: bool = True
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menus: dict[int, Json] = field(default_factory=dict)
    default_rights: dict[bool, Json] = field(default_factory=dict)
