"""A push service: it checks who sends, decrypts as a browser does, and answers as it is told."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUTH = b"sixteen bytes it"


@dataclass(frozen=True)
class Pushed:
    """One message as its browser reads it, and how it came."""

    path: str
    content: dict[str, Any]
    headers: dict[str, str]
    length: int

    @property
    def title(self) -> str:
        """The first line of the notification."""
        return str(self.content["notification"]["title"])

    @property
    def body(self) -> str:
        """The text below the title."""
        return str(self.content["notification"]["body"])

    @property
    def data(self) -> dict[str, Any]:
        """What our worker reads."""
        found: dict[str, Any] = self.content["notification"]["data"]
        return found


@dataclass
class PushService:
    """The messages that came, and the statuses to answer with, in turn; then 201."""

    origin: str = ""
    pushed: list[Pushed] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def p256dh(self) -> str:
        """The public key of every browser of this service."""
        public = self.key.public_key()
        return encoded(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        """The secret of every browser of this service."""
        return encoded(AUTH)

    def endpoint(self, name: str = "phone") -> str:
        """The address of a browser."""
        return f"{self.origin}/push/{name}"

    def take(self) -> list[Pushed]:
        """Return the messages since the last time."""
        taken, self.pushed = self.pushed, []
        return taken

    def receive(self, path: str, headers: dict[str, str], body: bytes) -> None:
        """Check and decrypt a message."""
        self._check_sender(headers["authorization"])
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=AUTH, version="aes128gcm")
        self.pushed.append(Pushed(path, json.loads(plain), headers, len(body)))

    def _check_sender(self, authorization: str) -> None:
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        point = base64.urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims = jwt.decode(parts["t"], public, algorithms=["ES256"], audience=self.origin)
        assert claims["sub"].startswith("mailto:")


@contextmanager
def push_service(answers_after: float = 0) -> Iterator[PushService]:
    """Run a push service on a port of its own; it answers after so many seconds."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, more = service.answers.pop(0) if service.answers else (201, {})
            if status < 300:
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    service.receive(self.path, headers, body)
                except (AssertionError, LookupError, ValueError, jwt.PyJWTError) as error:
                    status = 400
                    service.unreadable.append(repr(error))
            time.sleep(answers_after)
            self.send_response(status)
            for name, value in {"content-length": "0", **more}.items():
                self.send_header(name, value)
            self.end_headers()

        def handle(self) -> None:
            """Leave senders that were killed alone."""
            with suppress(ConnectionError):
                super().handle()

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
        assert service.unreadable == []
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def encoded(data: bytes) -> str:
    """Write bytes as browsers do."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
