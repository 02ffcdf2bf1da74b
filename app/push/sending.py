"""Encrypt notifications and hand them to push services (RFC 8030, RFC 8291).

`webpush` encrypts and signs; the request is ours, so that a hostile address reaches nothing at
home: the name is looked up once and the checked address is called, no redirect is followed, no
proxy of the environment is used, and little of the answer is read.
"""

import asyncio
import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from app.push.addresses import (
    NotAllowedAddress,
    PushServices,
    Resolve,
    public_address,
    resolve,
)
from app.push.keys import PushKey
from app.push.message import Message, Result, Sent

TIMEOUT_SECONDS = 5
AT_A_TIME = 32
# Every message is as long as the longest, so its length says nothing. At most 3,993 fit.
PADDED_TO = 3_072
EXPIRES_SECONDS = 12 * 3_600
GONE = {404, 410}
BUSY = {429}


class PushSender:
    """Sends messages over connections that stay open. Not for several threads at once."""

    def __init__(
        self,
        key: PushKey,
        services: PushServices,
        *,
        resolve: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        webpush = importlib.import_module("webpush")
        self._types = webpush
        self._webpush = webpush.WebPush(
            private_key=key.private.encode(), public_key=key.public.encode()
        )
        self._services = services
        self._transport = _PublicOnly(
            services, resolve, transport or httpx.AsyncHTTPTransport(trust_env=False)
        )
        self._client = httpx.AsyncClient(
            transport=self._transport,
            follow_redirects=False,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        )
        self._runner = asyncio.Runner()

    def send(self, messages: Sequence[Message]) -> list[Result]:
        """Send messages, several at a time; return their results in the same order."""
        return self._runner.run(self._send_all(messages))

    def close(self) -> None:
        """Close the connections."""
        self._runner.run(self._client.aclose())
        self._runner.close()

    async def _send_all(self, messages: Sequence[Message]) -> list[Result]:
        free = asyncio.Semaphore(AT_A_TIME)

        async def send(message: Message) -> Result:
            async with free:
                return await self._send(message)

        return list(await asyncio.gather(*map(send, messages)))

    async def _send(self, message: Message) -> Result:
        try:
            self._services.check(message.to.endpoint)
            body, headers = self._encrypted(message)
            request = self._client.build_request(
                "POST", message.to.endpoint, content=body, headers=headers
            )
            answer = await self._client.send(request, stream=True)
            await answer.aclose()
        except NotAllowedAddress:
            return Result(Sent.NOT_ALLOWED)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Result(Sent.UNREACHABLE)
        except ValueError:
            # Keys that are not points of the curve: nothing can be encrypted for them.
            return Result(Sent.GONE)
        return _result(answer)

    def _encrypted(self, message: Message) -> tuple[bytes, dict[str, str]]:
        to = message.to
        subscription = self._types.WebPushSubscription(
            endpoint=to.endpoint,
            keys=self._types.types.WebPushKeys(auth=to.auth, p256dh=to.p256dh),
        )
        content = json.dumps(message.content, ensure_ascii=False, separators=(",", ":")).encode()
        made = self._webpush.get(
            content.ljust(PADDED_TO), subscription, message.contact, message.ttl, EXPIRES_SECONDS
        )
        headers = {
            **made.headers,
            "authorization": self._authorization(message),
            "content-type": "application/octet-stream",
            "topic": message.topic,
            "urgency": "normal",
        }
        return made.encrypted, headers

    def _authorization(self, message: Message) -> str:
        """Sign for the service's origin: the library leaves its port out."""
        parts = urlsplit(message.to.endpoint)
        signed: str = self._webpush.vapid.get_authorization_header(
            endpoint=_Origin(parts.scheme, parts.netloc),
            subscriber=message.contact,
            expiration=EXPIRES_SECONDS,
        )
        return signed


@dataclass(frozen=True, slots=True)
class _Origin:
    scheme: str
    host: str


class _PublicOnly(httpx.AsyncBaseTransport):
    """Calls the address that was checked, under the name it was checked for."""

    def __init__(
        self, services: PushServices, resolve: Resolve, inner: httpx.AsyncBaseTransport
    ) -> None:
        self._services = services
        self._resolve = resolve
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._services.is_named_origin(str(request.url)):
            host = request.url.host
            address = await asyncio.to_thread(public_address, host, self._resolve)
            # The certificate and the Host header, set already, stay those of the name.
            request.extensions = {**request.extensions, "sni_hostname": host}
            request.url = request.url.copy_with(host=address)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def _result(answer: httpx.Response) -> Result:
    if answer.is_success:
        return Result(Sent.SENT)
    if answer.status_code in GONE:
        return Result(Sent.GONE)
    if answer.status_code in BUSY or answer.is_server_error:
        after = answer.headers.get("retry-after", "")
        return Result(Sent.BUSY, int(after) if after.isascii() and after.isdigit() else 0)
    return Result(Sent.REFUSED)
