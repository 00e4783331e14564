"""Photos, videos, documents and other files, albums, polls and places."""

from typing import Any

from bot.playground.formatting import caption_of, finished
from bot.playground.messages import built, land, open_chat, post
from bot.playground.params import Params, Upload
from bot.playground.refusals import bad
from bot.playground.rendering import message_json
from bot.playground.shapes import Bot, File, Json
from bot.playground.world import World

RIGHTS = {"photo": "photos", "video": "videos", "animation": "animations", "document": "documents",
          "audio": "music", "voice": "voice notes", "sticker": "stickers", "video_note": "video notes"}  # fmt: skip
EXTRAS = {"has_spoiler": "has_media_spoiler", "show_caption_above_media": "show_caption_above_media"}
PHOTO_LIMIT = 10 * 1024 * 1024  # https://core.telegram.org/bots/api#sendphoto
UPLOAD_LIMIT = 50 * 1024 * 1024
ALBUMS = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}


def send_media(kind: str) -> Any:
    """The method that sends one file of that kind."""

    def send(world: World, bot: Bot, params: Params) -> Json:
        chat = open_chat(world, bot, params, RIGHTS[kind])
        text, entities = ("", []) if kind in ("sticker", "video_note") else caption_of(world, params)
        media, extra = media_of(world, kind, params, {**params.values, "media": params.values.get(kind)}, kind)
        return post(world, bot, chat, params, text=text, entities=entities, media=media, media_extra=extra)

    return send


def media_of(world: World, kind: str, params: Params, wanted: Json, field: str = "media") -> tuple[Json, Json]:
    """A file as the Bot API shows it in a message, and what stands beside it there. Raises RefusedError."""
    if kind not in RIGHTS:
        raise bad("type of InputMedia is unsupported") if kind else bad('can\'t find field "type"')
    upload = params.uploads.get(field)
    file = _upload(world, kind, upload) if upload else _named(world, kind, params, wanted.get("media"))
    asked = Params(wanted)
    extra = {shown: True for name, shown in EXTRAS.items() if asked.flag(name)}
    for name in ("width", "height", "duration"):
        if asked.has(name):
            setattr(file, name, asked.number(name))
    return file_json(world, file), extra


def _upload(world: World, kind: str, upload: Upload) -> File:
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
        raise bad("file is too big")
    return world.files.put(kind, upload.content, upload.name, upload.mime)


def _named(world: World, kind: str, params: Params, name: Any) -> File:
    """The file that an attach:// name, a file_id or a URL means."""
    if not isinstance(name, str) or not name:
        raise bad(f"there is no {kind.replace('_', ' ')} in the request")
    if name.startswith("attach://"):
        upload = params.uploads.get(name.removeprefix("attach://"))
        if upload is None:
            raise bad("there is no file with the specified name in the request")
        return _upload(world, kind, upload)
    if name in world.files.by_id:
        file = world.files.by_id[name]
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file
    if name.startswith(("http://", "https://")):
        if name in world.files.unfetchable:
            raise bad("failed to get HTTP URL content")
        return world.files.put(kind, b"", url=name)
    raise bad("wrong file identifier/HTTP URL specified")


def file_json(world: World, file: File) -> Json:
    """`{"photo": [sizes]}`, `{"video": {…}}` and so on."""
    base: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.content) or 50_000}
    sizes = {"width": file.width, "height": file.height}
    if file.kind == "photo":
        small = {**base, "file_unique_id": f"{file.unique_id}s", "width": 90, "height": 51, "file_size": 1200}
        return {"photo": [small, {**base, **sizes}]}
    named = {"file_name": file.name} if file.name else {}
    named |= {"mime_type": file.mime} if file.mime else {}
    match file.kind:
        case "document":
            return {"document": {**named, **base}}
        case "animation":
            shown = {**base, **named, **sizes, "duration": file.duration}
            return {"animation": shown, "document": {**named, **base}}
        case "video":
            return {"video": {**base, **named, **sizes, "duration": file.duration}}
        case "sticker":
            flags = {"is_animated": False, "is_video": False, "type": "regular"}
            return {"sticker": {**base, "width": 512, "height": 512, **flags}}
        case "video_note":
            return {"video_note": {**base, "length": 240, "duration": file.duration}}
    return {file.kind: {**base, **named, "duration": file.duration}}


def send_media_group(world: World, bot: Bot, params: Params) -> list[Json]:
    """The album's messages. Raises RefusedError unless it has 2–10 files that may stand together."""
    chat = open_chat(world, bot, params, "photos")
    parts = params.array("media") or []
    if not 2 <= len(parts) <= 10:
        raise bad("not enough media to send" if not parts else "group send must include 2-10 items")
    kinds = [str(part.get("type", "")) for part in parts if isinstance(part, dict)]
    if len(kinds) != len(parts) or any(kind not in ALBUMS for kind in kinds):
        raise bad("media type is not supported in an album")
    if len({ALBUMS[kind] for kind in kinds}) > 1:
        raise bad("documents and audios can't be mixed with other media types")
    group = str(14_000_000_000_000_000 + next(world.numbers))
    messages = []
    for kind, part in zip(kinds, parts, strict=True):
        text, entities = caption_of(world, Params({**part}))
        media, extra = media_of(world, kind, params, part)
        plain = params.with_values(reply_markup=None)
        message = built(world, bot, chat, plain, text=text, entities=entities, media=media, media_extra=extra)
        message.media_group_id = group
        messages.append(message)
    land(world, bot, chat, messages)
    return [message_json(world, chat, message) for message in messages]


def send_poll(world: World, bot: Bot, params: Params) -> Json:
    """The new poll."""
    chat = open_chat(world, bot, params, "polls")
    question = params.text("question").strip()
    options = [option if isinstance(option, dict) else {"text": option} for option in params.array("options") or []]
    if not 1 <= len(question) <= 300:
        raise bad("poll question must be non-empty" if not question else "poll question is too long")
    if not 1 <= len(options) <= 12:
        raise bad("poll must have at least 1 option" if not options else "poll can't have more than 12 options")
    if any(not 1 <= len(str(option.get("text", "")).strip()) <= 100 for option in options):
        raise bad("poll options length must not exceed 100")
    poll = {
        "id": str(5_000_000_000 + next(world.numbers)),
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": str(option["text"]).strip(), "voter_count": 0}
            for number, option in enumerate(options, start=1)
        ],
        "total_voter_count": 0,
        "is_closed": params.flag("is_closed"),
        "is_anonymous": not params.has("is_anonymous") or params.flag("is_anonymous"),
        "type": params.text("type", "regular") or "regular",
        "allows_multiple_answers": params.flag("allows_multiple_answers"),
        "allows_revoting": params.flag("allows_revoting"),
        "members_only": params.flag("members_only"),
    }
    return post(world, bot, chat, params, media={"poll": poll})


def send_location(world: World, bot: Bot, params: Params) -> Json:
    """The new location."""
    chat = open_chat(world, bot, params)
    try:
        place = {name: float(params.text(name)) for name in ("latitude", "longitude")}
    except ValueError:
        raise bad("latitude and longitude must be numbers") from None
    if abs(place["latitude"]) > 90 or abs(place["longitude"]) > 180:
        raise bad("wrong location specified")
    return post(world, bot, chat, params, media={"location": place})


def get_file(world: World, bot: Bot, params: Params) -> Json:
    """Where the file may be downloaded."""
    file = world.files.get(params.text("file_id"))
    if len(file.content) > 20 * 1024 * 1024:
        raise bad("file is too big")
    base = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.content)}
    return {**base, "file_path": file.path}


def plain_caption(world: World, text: str) -> tuple[str, list[Json]]:
    """A person's caption with what Telegram finds in it."""
    return finished(world, text, [])
