"""Inline keyboards: what Telegram accepts as ``reply_markup``, and its refusals."""

from typing import Any

from tests.fake_telegram.html import Json
from tests.fake_telegram.links import LinkError, check_link
from tests.fake_telegram.state import bad_request

MAX_BUTTONS = 100
_OTHER = (
    *("callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat"),
    *("switch_inline_query_current_chat", "login_url", "web_app", "copy_text"),
)


def check_markup(markup: Json | None) -> Json | None:
    """Return the inline keyboard as Telegram echoes it, None if there is none.

    Raises:
        ApiError: 400 with Telegram's words.
    """
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if any(not isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    checked = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _button(button: Any) -> Json:
    _check_shape(button)
    if url := button.get("url"):
        try:
            return {**button, "url": check_link(url)}
        except LinkError as error:
            reason = f"inline keyboard button URL '{url}' is invalid: {error}"
            raise bad_request(reason) from None
    if data := button.get("callback_data"):
        if len(data.encode()) > 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif copied := button.get("copy_text"):
        if not 1 <= len(copied["text"]) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif not any(kind in button for kind in _OTHER):
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    checked: Json = button
    return checked


def _check_shape(button: Any) -> None:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unparsable('Can\'t find field "text"')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    for field in ("url", "callback_data"):
        if not isinstance(button.get(field, ""), str):
            raise _unparsable(f'Field "{field}" must be of type String')
    copied = button.get("copy_text", {"text": ""})
    if not isinstance(copied, dict) or not isinstance(copied.get("text"), str):
        raise _unparsable('Field "copy_text" must be of type Object')


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
