"""What the push writes to Telegram: one call each, and what became of it. Nothing is repeated."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode

from bot import results
from bot.model import Address, Result, Sent
from bot.render import Rendered

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Post:
    """Sends and edits through *bot*. Whoever calls has his turn of the pacer."""

    bot: Bot

    async def send(
        self, address: Address, what: Rendered, *, silent: bool, answers: int | None = None
    ) -> Result:
        """What became of a new message in *address*, as a reply to *answers* if that is there."""
        reply = None
        if answers is not None:
            reply = ReplyParameters(answers, allow_sending_without_reply=True)
        try:
            message = await self.bot.send_message(
                address.chat,
                what.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=what.keyboard,
                reply_parameters=reply,
                message_thread_id=address.topic or None,
                disable_notification=silent,
            )
        except Exception as error:
            return results.of(error)
        return Sent(message.message_id)

    async def edit(self, chat: int, message: int, what: Rendered) -> Result:
        """What became of the change of *message* to *what*."""
        try:
            await self.bot.edit_message_text(
                what.html,
                chat,
                message,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=what.keyboard,
            )
        except Exception as error:
            return results.of(error)
        return Sent(message)
