"""Keep what was searched for from the form that posts it to the page that shows it.

What a person types is put into no address. A page that answers a POST, however, asks them to
send it again when they come back to it. So a search is answered with an address, and the text
goes along in a cookie for a quarter of an hour; it is read for the person who typed it only, and
deleted when they sign out.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.diary import Diary

# The query parameter of a page that shows what was typed.
TYPED = "typed"
KEPT_SECONDS = 900


def shown_at(request: Request, diary: Diary, address: str, text: str) -> Response:
    """Lead to the page at `address`, which may read the text with `typed_text`."""
    sign = "&" if "?" in address else "?"
    response = RedirectResponse(f"{address}{sign}{TYPED}=1", status_code=303)
    said = f"{diary.owner.id} {text}".encode()
    response.set_cookie(
        typed_cookie_name(request),
        urlsafe_b64encode(said).decode().rstrip("="),
        max_age=KEPT_SECONDS,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def typed_text(request: Request, diary: Diary) -> str:
    """What the person typed, on a page that `shown_at` led to; "" once that is forgotten."""
    cookie = request.cookies.get(typed_cookie_name(request), "")
    if TYPED not in request.query_params or not cookie.isascii():
        return ""
    try:
        said = urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)).decode()
    except ValueError:
        return ""
    owner, _space, text = said.partition(" ")
    return text if owner == str(diary.owner.id) else ""


def typed_cookie_name(request: Request) -> str:
    """The cookie that holds what was searched for."""
    name: str = request.app.state.cookie_name
    return f"__Host-{name}-typed" if request.scope["scheme"] == "https" else f"{name}-typed"
