"""Pictures, good and hostile, made on the spot."""

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageCms, PngImagePlugin

from app.photos import pixels

SCRIPT = b"<script>alert(1)</script>"
SECRETS = (
    b"EvilCam",
    b"GPS",
    b"Exif",
    b"ICC_PROFILE",
    b"http://ns.adobe.com",
    b"<script",
    b"secret",
)

# A 64 x 48 picture with a camera's name and a place in it, by an encoder that Strand has not.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAAEEAAgAAAAACIwABAAAAAAAAAKAAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADd"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAA6W1kYXQA"
    "AAA9KAGvWOb06r//5Wu//qP8h8n//1//Sr1X7jET/p4FWlr/c/R9Fd2UDm4ZwydU2twl603VejTPNaU0M0efRAAAAAZF"
    "eGlmAABNTQAqAAAACAADAQ8AAgAAAAgAAAAyh2kABAAAAAEAAAA6iCUABAAAAAEAAABgAAAAAEV2aWxDYW0AAAGQAwAC"
    "AAAAFAAAAEwAAAAAMjAyNjoxMToxNCAwODoyMDowMAAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAfgAAAAAAAAA0AAAA"
    "AQAAAB8AAAABAAAADAAAAAE="
)


def heic_of_two(primary: int) -> bytes:
    """`HEIC` with a second picture, item 3, which is item 1 turned by 90 degrees (48 x 64).

    `primary` is the item that the file names as its picture: 1, which comes first, or 3.
    """
    ftyp, meta, mdat = _boxes(HEIC)
    handler, places, entries, _primary, properties, references = _boxes(meta[12:])
    store, uses = _boxes(properties[8:])
    turned = _box(b"irot", b"\x01")
    entry = _box(b"infe", b"\x02\0\0\0\0\x03\0\0hvc1\0")
    tail = [
        _box(b"iinf", struct.pack("!IH", 0, 3) + entries[14:] + entry),
        _box(b"pitm", struct.pack("!IH", 0, primary)),
        _box(
            b"iprp",
            _box(b"ipco", store[8:] + turned)
            + _box(
                b"ipma",
                struct.pack("!II", 0, 2) + uses[16:] + b"\0\x03\x06\x81\x02\x03\x05\x84\x86",
            ),
        ),
        references,
    ]
    rows = [struct.unpack_from("!HHIHII", places, 16 + 18 * row) for row in range(2)]
    rows.append((3, *rows[0][1:]))
    size = 12 + len(handler) + 16 + 18 * len(rows) + sum(map(len, tail))
    moved = size - len(meta)
    located = [
        struct.pack("!HHIHII", item, source, base + moved, extents, offset, length)
        for item, source, base, extents, offset, length in rows
    ]
    places = _box(b"iloc", places[8:14] + struct.pack("!H", len(rows)) + b"".join(located))
    return ftyp + _box(b"meta", meta[8:12] + handler + places + b"".join(tail)) + mdat


def moving_png() -> bytes:
    """A PNG whose still picture (red) is no part of the animation behind it (green, then blue)."""
    still, *frames = (Image.new("RGB", (30, 40), colour) for colour in ("red", "green", "blue"))
    return encoded(still, "PNG", save_all=True, append_images=frames, default_image=True)


def two_in_one_jpeg() -> bytes:
    """What a camera with depth writes (MPO): its picture is red, the second one blue."""
    red, blue = (Image.new("RGB", (48, 64), colour) for colour in ("red", "blue"))
    return encoded(red, "MPO", save_all=True, append_images=[blue])


def picture(width: int = 240, height: int = 320, mode: str = "RGB") -> Image.Image:
    """Something with a left and a right: the left half is lighter."""
    made = Image.new("RGB", (width, height), (200, 150, 120))
    made.paste((60, 40, 30), (width // 2, 0, width, height))
    return made.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(width: int = 240, height: int = 320, **options: Any) -> bytes:
    """A plain photo."""
    return encoded(picture(width, height), **options)


def exif(*, orientation: int = 1, taken: str = "2026:11:14 08:20:00") -> bytes:
    """What a camera writes: its name, where it was, when, and how it was held."""
    block = Image.Exif()
    block[0x010F] = "EvilCam"
    block[0x0112] = orientation
    block.get_ifd(0x8769)[0x9003] = taken
    place = block.get_ifd(0x8825)
    place.update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    return block.tobytes()


def swapping_profile() -> bytes:
    """The profile of a screen whose red and blue have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from("!I", profile, 128)[0]
    entries = {bytes(profile[at : at + 4]): at + 4 for at in range(132, 132 + 12 * count, 12)}
    red, blue = (slice(entries[tag], entries[tag] + 8) for tag in (b"rXYZ", b"bXYZ"))
    profile[red], profile[blue] = profile[blue], profile[red]
    return bytes(profile)


def readable() -> dict[str, bytes]:
    """Files that are odd, and are photos all the same."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SCRIPT.decode() + "secret")
    frames = [Image.new("RGB", (90, 120), (shade, 0, 0)) for shade in range(40)]
    return {
        "a place and a camera": jpeg(exif=exif()),
        "a profile": jpeg(icc_profile=srgb),
        "a profile that is none": jpeg(icc_profile=b"secret" * 60),
        "a comment": jpeg(comment=SCRIPT),
        "a page behind the photo": jpeg() + b"<html>" + SCRIPT,
        "an archive behind the photo": jpeg() + archive(),
        "for printers": encoded(picture(mode="CMYK")),
        "grey": encoded(picture(mode="L")),
        "a palette": encoded(picture(mode="P"), "PNG"),
        "see-through, with text": encoded(picture(mode="RGBA"), "PNG", pnginfo=text),
        "moving": encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        "a phone's own": HEIC,
        "a single pixel": encoded(picture(1, 1), "PNG"),
    }


def unreadable() -> dict[str, bytes]:
    """Files that are no photos, or none that may be opened."""
    noise = random.Random("noise").randbytes(4_000)
    return {
        "nothing": b"",
        "noise": noise,
        "cut short": jpeg()[:900],
        "a phone's own, cut short": HEIC[:600],
        "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
        "a page": b"<!doctype html><html>" + SCRIPT + b"</html>",
        "a program for printers": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "a TIFF": encoded(picture(9, 9), "TIFF"),
        "a GIF": encoded(picture(9, 9, "P"), "GIF"),
        "a bitmap": encoded(picture(9, 9), "BMP"),
        "an archive": archive(),
        "a bomb": png_of(60_000, 60_000),
        "too long": png_of(30_000, 1_000),
        "a huge head": png_of(2_000_000_000, 2_000_000_000, rows=1),
        "too many pixels": png_of(9_000, 9_000, rows=1),
        "text without end": png_of(9, 9, text=b"x" * 3_000_000),
    }


def png_of(width: int, height: int, *, rows: int = 2_000, text: bytes = b"") -> bytes:
    """A PNG whose head promises more than a few kilobytes can hold."""
    pack = zlib.compressobj(9)
    line = b"\0" * (min(width, 60_000) // 8 + 2)
    pixels = b"".join(pack.compress(line) for _row in range(min(height, rows))) + pack.flush()
    head = struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0)
    words = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(text)) * 30 if text else b""
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + words + png_chunk(b"IDAT", pixels)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One part of a PNG, with its checksum."""
    check = zlib.crc32(kind + content)
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", check)


def archive() -> bytes:
    """A file of files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("photo.jpg", jpeg())
    return file.getvalue()


_ANSWERS: dict[tuple[Path, bytes], bytes] = {}


@contextmanager
def each_picture_decoded_once() -> Iterator[None]:
    """Keep the decoder's answers from test to test: each costs the start of a process, 0.15 s.

    A decoder that fails is asked again.
    """
    decode = pixels._decode

    @wraps(decode)
    def decoded_once(upload: bytes) -> bytes:
        key = (pixels.DECODER, upload)
        answer = _ANSWERS.get(key) or decode(upload)
        _ANSWERS[key] = answer
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pixels, "_decode", decoded_once)
        yield


def add_photo(
    client: TestClient, on: str = "2026-11-23", view: str = "vertex", **fields: str
) -> UUID:
    """Keep a photo as the outbox sends one; its id."""
    own_id = uuid4()
    sent = client.post(
        f"/days/{on}/photos",
        data={"id": str(own_id), "view": view, **fields},
        files={"photo": ("IMG_0001.jpg", jpeg(exif=exif()), "image/jpeg")},
        headers={"outbox-entry": str(uuid4())},
    )
    assert sent.status_code == 204, sent.text
    return own_id


def opened(file: bytes) -> Image.Image:
    """A picture, decoded whole."""
    image = Image.open(io.BytesIO(file))
    image.load()
    return image


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack("!I4s", 8 + len(content), kind) + content


def _boxes(content: bytes) -> list[bytes]:
    """The boxes of an ISO media file, or of one of its boxes."""
    found = []
    while content:
        size = struct.unpack_from("!I", content)[0]
        found.append(content[:size])
        content = content[size:]
    return found
