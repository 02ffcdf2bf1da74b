"""Pictures that have crashed decoders, filled their memory, or tricked them."""

import io
import struct
import zipfile
import zlib
from random import Random

from PIL import Image

from tests.support.pictures import (
    HEIC,
    SCRIPT,
    encoded,
    exif,
    heic_of_two,
    jpeg,
    moving_png,
    picture,
    png_chunk,
    png_of,
    readable,
    two_in_one_jpeg,
    unreadable,
)

BOMB_BYTES = 200_000_000
LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%b">' % (name, b"&%c;" % (name - 1) * 10) for name in range(98, 107)
)


def hostile_pictures() -> dict[str, bytes]:
    """Return all of them, by name; a few are valid photos."""
    return {
        **readable(),
        **unreadable(),
        **{f"held as {way}": jpeg(exif=exif(orientation=way)) for way in range(10)},
        **_odd(),
        **_large(),
        **_bombs(),
        **_broken(),
        **_something_else(),
    }


def slow_picture() -> bytes:
    """A small progressive JPEG whose last scan comes three thousand times more."""
    plain = encoded(Image.new("RGB", (4_000, 4_000), (120, 90, 60)), progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:-2] + plain[last:-2] * 3_000 + plain[-2:]


def _odd() -> dict[str, bytes]:
    frames = [Image.new("RGB", (90, 120), (shade, 0, 0)) for shade in range(200)]
    return {
        "a moving PNG": moving_png(),
        "a PNG of 200 pictures": encoded(frames[0], "PNG", save_all=True, append_images=frames[1:]),
        "two in one": two_in_one_jpeg(),
        "a phone's own, of two": heic_of_two(1),
        "a phone's own, of two, the second": heic_of_two(3),
        "16 bits": encoded(Image.new("I;16", (60, 80), 40_000), "PNG"),
        "1 bit": encoded(picture(mode="1"), "PNG"),
        "grey and see-through": encoded(picture(mode="LA"), "PNG"),
        "WebP without loss": encoded(picture(), "WEBP", lossless=True),
        "an address in XMP": jpeg(xmp=b"<x:xmpmeta>http://ns.adobe.com" + SCRIPT + b"</x:xmpmeta>"),
        "progressive": jpeg(progressive=True),
        "a page before the photo": b"<html>" + SCRIPT + jpeg(),
        "a GIF's head before the photo": b"GIF89a" + jpeg(),
        "a document round the photo": b"%PDF-1.4\n" + jpeg() + b"\n%%EOF",
        "a photo and a program": jpeg() + b"<?php system($_GET[0]); ?>",
    }


def _large() -> dict[str, bytes]:
    wide = Image.new("RGB", (12_000, 4_100), (90, 80, 70))
    return {
        "48 megapixels": encoded(wide),
        "48 megapixels, progressive": encoded(wide, progressive=True),
        "48 megapixels, PNG": encoded(wide, "PNG"),
        "48 megapixels, for printers": encoded(wide.convert("CMYK")),
        "48 megapixels, see-through": encoded(wide.convert("RGBA"), "PNG"),
        "WebP as wide as can be": encoded(Image.new("L", (16_383, 3_000)), "WEBP", lossless=True),
        "a thread": encoded(Image.new("L", (1, 12_000)), "PNG"),
        "three thousand scans": slow_picture(),
        "sides of 65,500": _sized(65_500, 65_500),
        "no height": _sized(0, 320),
    }


def _bombs() -> dict[str, bytes]:
    zeros = zlib.compress(b"\0" * BOMB_BYTES, 9)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", b"\0" * BOMB_BYTES)
    return {
        "text of 200 MB": _with_chunk(b"zTXt", b"k\0\0" + zeros),
        "text in a language, of 200 MB": _with_chunk(b"iTXt", b"k\0\1\0en\0\0" + zeros),
        "a profile of 200 MB": _with_chunk(b"iCCP", b"k\0\0" + zeros),
        "EXIF of 20 MB": _with_chunk(b"eXIf", b"MM\0*\0\0\0\x08" + b"\xff" * 20_000_000),
        "a hundred thousand small parts": _with_chunk(b"tEXt", b"k\0v", 100_000),
        "pixels without end": png_of(7_000, 7_000, rows=60_000),
        "a drawing that grows": LAUGHS + b"]><svg>&j;</svg>",
        "an archive that grows": packed.getvalue(),
        "four thousand comments": jpeg()[:2]
        + (b"\xff\xfe\x0f\xa0" + b"x" * 3_998) * 4_000
        + jpeg()[2:],
    }


def _broken() -> dict[str, bytes]:
    rng = Random("broken")
    whole = {"JPEG": jpeg(), "PNG": encoded(picture(), "PNG"), "HEIC": HEIC}
    whole["WebP"] = encoded(picture(), "WEBP")
    ring = b"MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08"
    return {
        **{f"{kind}, cut in half": file[: len(file) // 2] for kind, file in whole.items()},
        **{f"{kind}, without its end": file[:-20] for kind, file in whole.items()},
        **{f"{kind}, bits turned": _damaged(file, rng) for kind, file in whole.items()},
        **{f"{kind}, its head alone": file[:24] for kind, file in whole.items()},
        "EXIF that points to itself": jpeg(exif=b"Exif\0\0" + ring),
        "a PNG without pixels": encoded(picture(), "PNG")[:33] + png_chunk(b"IEND", b""),
        "HEIC with a box of 4 GB": HEIC.replace(b"\0\0\1\xbemeta", b"\xff\xff\xff\xffmeta"),
        "HEIC with a thousand boxes": HEIC[:28] + struct.pack("!I4s", 8, b"moov") * 1_000,
    }


def _something_else() -> dict[str, bytes]:
    kinds = ("AVIF", "ICO", "PPM", "TGA", "JPEG2000", "PDF", "EPS", "DDS")
    return {f"{kind}, whatever its name": encoded(picture(48, 64), kind) for kind in kinds}


def _with_chunk(kind: bytes, content: bytes, times: int = 1) -> bytes:
    """A small PNG with something behind its head."""
    plain = encoded(picture(9, 9), "PNG")
    return plain[:33] + png_chunk(kind, content) * times + plain[33:]


def _sized(width: int, height: int) -> bytes:
    """A JPEG whose head says something else than its pixels."""
    plain = bytearray(jpeg())
    struct.pack_into("!HH", plain, plain.index(b"\xff\xc0") + 5, height, width)
    return bytes(plain)


def _damaged(file: bytes, rng: Random) -> bytes:
    damaged = bytearray(file)
    for _each in range(30):
        damaged[rng.randrange(20, len(file))] ^= 1 << rng.randrange(8)
    return bytes(damaged)
