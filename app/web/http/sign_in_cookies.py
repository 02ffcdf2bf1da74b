"""Set the two cookies of a signed-in browser: its token and its device cookie."""

from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response

from app.models.sign_in import AT_MOST
from app.services.sign_in_tries import known_device, new_device_cookie
from app.services.sign_ins import SignedIn
from app.web.http.deps import cookie_name, device_cookie_name

COOKIE_SECONDS = int(AT_MOST.total_seconds())
DEVICE_SECONDS = 400 * 24 * 3600

Answer = TypeVar("Answer", bound=Response)


def set_cookies(request: Request, response: Answer, signed_in: SignedIn) -> Answer:
    """Give the browser its token, and the device cookie that recognises it later.

    A browser that has a device cookie keeps it.
    """
    secret = request.app.state.settings.secret
    device = request.cookies.get(device_cookie_name(request), "")
    if not known_device(secret, signed_in.user_id, device):
        device = new_device_cookie(secret, signed_in.user_id)
    for name, value, seconds in (
        (cookie_name(request), signed_in.token, COOKIE_SECONDS),
        (device_cookie_name(request), device, DEVICE_SECONDS),
    ):
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
    return response
