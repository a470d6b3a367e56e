"""The Bot API's methods: one function each, strict where Telegram is strict.

Error texts are those of tdlib/telegram-bot-api (Client.cpp) and tdlib; what only Telegram's inner
servers decide carries their error name (``BUTTON_DATA_INVALID``).
"""

import re
from collections.abc import Callable
from typing import Any

from tests.fake_telegram.faults import Flood
from tests.fake_telegram.formatting import check_length, formatted
from tests.fake_telegram.html import Json
from tests.fake_telegram.markup import check_markup
from tests.fake_telegram.params import Params
from tests.fake_telegram.state import (
    BOT_ID,
    BOT_USER,
    PRIVATE,
    ApiError,
    ChatState,
    Message,
    UserState,
    bad_request,
    bot_member,
    chat_member,
)
from tests.fake_telegram.text import utf16_len
from tests.fake_telegram.updates import TERMINATED_BY_WEBHOOK
from tests.fake_telegram.world import World

MAX_ANSWER, MAX_COMMANDS = 200, 100
TWO_DAYS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note"),
    *("upload_video_note", "cancel"),
}


class BotApi:
    """The methods that the bot can call on the world."""

    def __init__(self, world: World, flood: Flood) -> None:
        self.world = world
        self.flood = flood
        self.table: dict[str, Callable[[Params], Any]] = {
            name.replace("_", ""): getattr(self, name)
            for name in dir(type(self))
            if name.startswith(("get_", "set_", "send_", "edit_", "delete_", "answer_", "leave_"))
        }

    async def call(self, method: str, params: Params) -> Any:
        """Run a method by its name in lower case and return its result.

        Raises:
            ApiError: whatever the real one would answer; 404 for an unknown method.
        """
        function = self.table.get(method)
        if function is None:
            raise ApiError(404, "Not Found: method not found")
        result = function(params)
        return await result if hasattr(result, "__await__") else result

    # updates

    def get_me(self, params: Params) -> Json:
        return BOT_USER | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.world.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def get_updates(self, params: Params) -> list[Json]:
        allowed = params.values.get("allowed_updates")
        return await self.world.queue.get(
            params.integer("offset"),
            params.integer("limit", 100),
            params.integer("timeout"),
            [str(kind) for kind in allowed] if isinstance(allowed, list) else None,
        )

    def set_webhook(self, params: Params) -> bool:
        url = params.string("url")
        if url and not url.startswith("https://"):
            reason = "bad webhook: An HTTPS URL must be provided for webhook"
            raise bad_request(reason)
        if url:
            self.world.queue.abort(ApiError(409, TERMINATED_BY_WEBHOOK))
        self.world.queue.webhook_url = url
        if params.boolean("drop_pending_updates"):
            self.world.queue.clear()
        return True

    def delete_webhook(self, params: Params) -> bool:
        self.world.queue.webhook_url = ""
        if params.boolean("drop_pending_updates"):
            self.world.queue.clear()
        return True

    def get_webhook_info(self, params: Params) -> Json:
        queue = self.world.queue
        info: Json = {
            "url": queue.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": len(queue.pending),
        }
        return info | ({"allowed_updates": queue.allowed} if queue.allowed else {})

    # messages

    def send_message(self, params: Params) -> Json:
        reply = self._reply_parameters(params)
        markup = check_markup(params.json("reply_markup", dict))
        preview = self._preview(params)
        text, entities = formatted(params, "text")
        chat = self.world.find_writable(params.values.get("chat_id"))
        thread = self._thread(chat, params.integer("message_thread_id"))
        target = self._reply_target(chat, reply)
        check_length(text)
        self.flood.check(chat.id, chat.type != PRIVATE)
        body: Json = {"text": text}
        if entities:
            body["entities"] = entities
        if preview:
            body["link_preview_options"] = preview
        if markup:
            body["reply_markup"] = markup
        if target is not None and reply.get("quote"):
            body["quote"] = {"text": reply["quote"], "position": 0, "is_manual": True}
        message = self.world.post(chat, None, body, thread=thread, reply_to=target)
        message.params = params.values
        self.world.changed()
        return message.data

    def send_document(self, params: Params) -> Json:
        reply = self._reply_parameters(params)
        caption, entities = formatted(params, "caption")
        chat = self.world.find_writable(params.values.get("chat_id"))
        thread = self._thread(chat, params.integer("message_thread_id"))
        target = self._reply_target(chat, reply)
        self.flood.check(chat.id, chat.type != PRIVATE)
        name = params.string("document")
        file = {"file_id": f"doc-{name}", "file_unique_id": f"unique-{name}", "file_name": name}
        body: Json = {"document": file, "caption": caption, "caption_entities": entities}
        body = {key: value for key, value in body.items() if value}
        message = self.world.post(chat, None, body, thread=thread, reply_to=target)
        message.params = params.values
        self.world.changed()
        return message.data

    def edit_message_text(self, params: Params) -> Json:
        markup = check_markup(params.json("reply_markup", dict))
        preview = self._preview(params)
        text, entities = formatted(params, "text")
        message = self._own_message(params)
        if "text" not in message.data:
            raise bad_request("there is no text in the message to edit")
        check_length(text)
        return self._edit(
            message,
            params,
            text=text,
            entities=entities or None,
            reply_markup=markup,
            link_preview_options=preview,
        )

    def edit_message_reply_markup(self, params: Params) -> Json:
        markup = check_markup(params.json("reply_markup", dict))
        return self._edit(self._own_message(params), params, reply_markup=markup)

    def delete_message(self, params: Params) -> bool:
        chat = self.world.find_writable(params.values.get("chat_id"))
        message = self.world.find_message(chat, params.integer("message_id"), "delete")
        old = self.world.clock.now() - message.data["date"] > TWO_DAYS
        foreign = not message.outgoing and chat.type != PRIVATE
        if (old or foreign) and not chat.bot_is_admin:
            raise bad_request("message can't be deleted")
        message.deleted = True
        self.world.changed()
        return True

    def send_chat_action(self, params: Params) -> bool:
        action = params.string("action").lower()
        if action not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat = self.world.find_writable(params.values.get("chat_id"))
        thread = self._thread(chat, params.integer("message_thread_id"))
        chat.actions.append({"action": action, "message_thread_id": thread})
        self.world.changed()
        return True

    def answer_callback_query(self, params: Params) -> bool:
        query = self.world.callbacks.get(params.string("callback_query_id"))
        if utf16_len(params.string("text")) > MAX_ANSWER:
            raise bad_request("message is too long")
        if query is None or query.answer is not None:
            raise bad_request(TOO_OLD)
        if self.world.clock.now() - query.created > self.world.callback_window:
            raise bad_request(TOO_OLD)
        query.answer = {
            "text": params.string("text"),
            "show_alert": params.boolean("show_alert"),
            "url": params.string("url"),
            "cache_time": params.integer("cache_time"),
        }
        self.world.changed()
        return True

    # profile

    def set_my_commands(self, params: Params) -> bool:
        commands = params.json("commands", list) or []
        checked = [_command(command) for command in commands]
        if len(checked) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.world.commands[self._scope(params)] = checked
        return True

    def get_my_commands(self, params: Params) -> list[Json]:
        return self.world.commands.get(self._scope(params), [])

    def delete_my_commands(self, params: Params) -> bool:
        self.world.commands.pop(self._scope(params), None)
        return True

    def set_my_description(self, params: Params) -> bool:
        return self._set_profile(params, "description", 512)

    def set_my_short_description(self, params: Params) -> bool:
        return self._set_profile(params, "short_description", 120)

    # chats

    def get_chat(self, params: Params) -> Json:
        chat = self.world.find_chat(params.values.get("chat_id"))
        gifts = "unlimited_gifts limited_gifts unique_gifts premium_subscription"
        return chat.as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(f"{gifts} gifts_from_channels".split(), False),
        }

    def get_chat_member(self, params: Params) -> Json:
        chat = self.world.find_chat(params.values.get("chat_id"))
        user_id = params.integer("user_id")
        if user_id == BOT_ID:
            return bot_member("administrator" if chat.bot_is_admin else "member")
        user = self.world.users.get(user_id)
        if user is None:
            raise bad_request("invalid user_id specified")
        return chat_member(user.as_json(), _standing(chat, user))

    def get_chat_administrators(self, params: Params) -> list[Json]:
        chat = self.world.find_chat(params.values.get("chat_id"))
        if chat.type == PRIVATE:
            raise bad_request("there are no administrators in the private chat")
        people = [self.world.users[user_id].as_json() for user_id in sorted(chat.admins)]
        admins = [chat_member(user, "administrator") for user in people]
        return admins + ([bot_member("administrator")] if chat.bot_is_admin else [])

    def leave_chat(self, params: Params) -> bool:
        chat = self.world.find_chat(params.values.get("chat_id"))
        if chat.type == PRIVATE:
            raise bad_request("chat not found")
        was = "administrator" if chat.bot_is_admin else "member"
        chat.state, chat.bot_is_admin = "left", False
        self.world.bot_status(chat, BOT_USER, was, "left")
        self.world.changed()
        return True

    # parts

    def _reply_parameters(self, params: Params) -> Json:
        reply = params.json("reply_parameters", dict)
        if reply is None:
            reply = {
                "message_id": params.integer("reply_to_message_id"),
                "allow_sending_without_reply": params.boolean("allow_sending_without_reply"),
            }
        elif reply and not isinstance(reply.get("message_id"), int):
            raise bad_request('can\'t find field "message_id"')
        return dict(reply)

    def _reply_target(self, chat: ChatState, reply: Json) -> Message | None:
        if reply.get("message_id", 0) <= 0:
            return None
        where = chat
        if reply.get("chat_id") not in (None, chat.id, str(chat.id)):
            where = self.world.find_chat(reply["chat_id"])
        try:
            target = self.world.find_message(where, reply["message_id"], "be replied")
        except ApiError:
            if reply.get("allow_sending_without_reply"):
                return None
            raise
        if reply.get("quote") and str(reply["quote"]) not in target.text:
            raise bad_request("QUOTE_TEXT_INVALID")
        return target if where is chat else None

    @staticmethod
    def _thread(chat: ChatState, thread: int) -> int | None:
        if thread == 0 or (chat.topics is None and chat.type != PRIVATE):
            return None
        if chat.topics is None or thread not in chat.topics:
            raise bad_request("message thread not found")
        return thread

    @staticmethod
    def _preview(params: Params) -> Json | None:
        preview: Json | None = params.json("link_preview_options", dict)
        if preview is None and params.boolean("disable_web_page_preview"):
            return {"is_disabled": True}
        return preview

    def _own_message(self, params: Params) -> Message:
        if "chat_id" not in params.values and params.string("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        chat = self.world.find_writable(params.values.get("chat_id"))
        message = self.world.find_message(chat, params.integer("message_id"), "edit")
        if not message.outgoing:
            raise bad_request("message can't be edited")
        return message

    def _edit(self, message: Message, params: Params, **changes: Any) -> Json:
        if all(message.data.get(name) == value for name, value in changes.items()):
            raise bad_request(NOT_MODIFIED)
        chat = self.world.chats[message.chat_id]
        self.flood.check(chat.id, chat.type != PRIVATE)
        message.params = params.values
        self.world.edit(message, changes)
        return message.data

    @staticmethod
    def _scope(params: Params) -> tuple[str, str]:
        scope = params.json("scope", dict) or {"type": "default"}
        language = params.string("language_code")
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad_request("invalid language code specified")
        kind = str(scope.get("type"))
        ids = (str(scope[name]) for name in ("chat_id", "user_id") if name in scope)
        return ":".join((kind, *ids)), language

    def _set_profile(self, params: Params, name: str, limit: int) -> bool:
        value = params.string(name)
        if len(value) > limit:
            raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
        self.world.profile[name, params.string("language_code")] = value
        return True


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for field in ("command", "description"):
        if not isinstance(command.get(field), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
    name = command["command"].strip().removeprefix("/")
    description = command["description"].strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _standing(chat: ChatState, user: UserState) -> str:
    if user.id in chat.standings:
        return chat.standings[user.id]
    if user.id in chat.admins:
        return "administrator"
    return "member" if user.id in chat.members or chat.user is user else "left"
