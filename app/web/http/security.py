"""The one middleware that every request passes, as plain ASGI.

It refuses writes that another site started, and sets the security headers of every answer. Browsers
name a request's origin in `Sec-Fetch-Site`, older ones in `Origin`; a script can forge neither.
Forms hold no token, so none expires in the outbox. The algorithm is that of Go's
`http.CrossOriginProtection`; `none` (typed, bookmarked) and `same-site` (another program on the
home server) do not pass for writes. An origin in STRAND_BASE_URL is ours, even if a proxy changed
the host. A request with neither header is not from a browser: it passes only without a cookie.
"""

from collections.abc import Collection, Sequence

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.i18n import lazy
from app.settings import Settings, origin_of

REFUSAL = lazy(
    "This came from another site, so nothing was saved. If it came from your own Strand, set "
    "STRAND_BASE_URL to the address in your browser, and STRAND_TRUSTED_PROXIES to your proxy’s."
)
NO_HOST = lazy("This request must name exactly one host.")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
ONE_YEAR = 31_536_000
STRICT_TRANSPORT = (b"strict-transport-security", f"max-age={ONE_YEAR}".encode())


def content_security_policy(script_hashes: Sequence[str]) -> str:
    """Allow only our own files; scripts need our Trusted Types policy to write HTML."""
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in script_hashes)])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "media-src 'self' blob:",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types app",
        )
    )


class SecurityMiddleware:
    """Answers 403 to a write from elsewhere, and sets the headers of every other answer."""

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        self.app = app
        headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": PERMISSIONS,
            "cache-control": "private, no-store",
        }
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.headers_on_https = [*self.headers, STRICT_TRANSPORT]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = self.headers_on_https if scope["scheme"] == "https" else self.headers
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _value in given}
                given += [header for header in ours if header[0] not in names]
                message = {**message, "headers": given}
            await send(message)

        if not names_one_host(scope):
            await PlainTextResponse(str(NO_HOST), status_code=400)(
                scope, receive, send_with_headers
            )
            return
        own = self.own_origins(scope)
        if is_allowed(scope["method"], scope["scheme"], Headers(scope=scope), own):
            await self.app(scope, receive, send_with_headers)
        else:
            refusal = PlainTextResponse(str(REFUSAL), status_code=403)
            await refusal(scope, receive, send_with_headers)

    @staticmethod
    def own_origins(scope: Scope) -> Collection[str]:
        """Return the origins in STRAND_BASE_URL: they are ours even if a proxy hides them."""
        if scope["method"] in SAFE_METHODS or "app" not in scope:
            return ()
        settings: Settings = scope["app"].state.settings
        return settings.origins


def names_one_host(scope: Scope) -> bool:
    """Whether the request names exactly one host, so that every proxy reads the same (HTTP/1.1)."""
    hosts = sum(name == b"host" for name, _value in scope["headers"])
    return hosts == 1 or (hosts == 0 and str(scope["http_version"]) == "1.0")


def is_allowed(method: str, scheme: str, headers: Headers, own: Collection[str] = ()) -> bool:
    """Whether a request only reads, comes from our own pages, or is from no browser at all.

    `own` are the origins of this installation, as `origin_of` writes them.
    """
    if method in SAFE_METHODS:
        return True
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    if origin := headers.get("origin"):
        return origin == f"{scheme}://{headers.get('host')}" or origin_of(origin) in own
    return "cookie" not in headers
