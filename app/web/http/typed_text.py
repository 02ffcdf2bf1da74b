"""Carry the text of a search from the form that posts it to the page that shows it.

Addresses never contain what a person typed. But going back to a page that answered a POST makes the
browser ask to send the form again. So a search is answered with a redirect, and the text travels in
a cookie for 15 minutes. The cookie is valid only for the person who typed it, and is deleted when
they sign out.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.diary import Diary

# The query parameter of a page that shows a typed text.
TYPED = "typed"
KEPT_SECONDS = 900


def shown_at(request: Request, diary: Diary, address: str, text: str) -> Response:
    """Redirect to the page at `address`, which can read the text with `typed_text`."""
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
    """Return the typed text, on a page that `shown_at` led to; "" once it has expired."""
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
    """The cookie that holds the search text."""
    name: str = request.app.state.cookie_name
    return f"__Host-{name}-typed" if request.scope["scheme"] == "https" else f"{name}-typed"
