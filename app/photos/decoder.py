"""Make clean JPEGs of a picture from outside. A program of its own, never imported.

    python -I decoder.py LIMITS < picture > answer

The decoder is the part of a photo log that untrusted bytes reach, so it runs by itself: it
knows neither the database nor the data folder, may write no file, and is stopped when it
takes too much memory or time. `LIMITS` is JSON. The answer is one line of JSON and, if the
picture was taken, the JPEGs behind it. A picture that breaks a decoder ends the program:
its caller reads that as "cannot be read".

The output consists of pixels alone: upright, in sRGB, without metadata.
"""

import contextlib
import json
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
WHITE = (255, 255, 255)
QUALITY = 86
# The modes without transparency and palette.
PLAIN_MODES = {"L", "RGB", "CMYK"}


def main() -> int:
    """Read, clean and answer."""
    limits = json.loads(sys.argv[1])
    _limit_this_process(limits)
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    pi_heif.register_heif_opener(thumbnails=False)
    try:
        picture = Image.open(BytesIO(sys.stdin.buffer.read()), formats=FORMATS)
    except UnidentifiedImageError:
        return _refuse("kind")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _refuse("size")
    if max(picture.size) > limits["side"] or picture.width * picture.height > limits["pixels"]:
        return _refuse("size")
    _answer(_clean(picture, limits["sizes"]), limits["sizes"])
    return 0


def _limit_this_process(limits: dict[str, Any]) -> None:
    """Limit memory, time and files, before the first byte is read."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS limits no address space
            resource.setrlimit(what, (most, most))


def _clean(picture: Image.Image, sizes: list[int]) -> Image.Image:
    """Return the picture as viewers show it, upright, in sRGB, within the largest size.

    Of a file with several pictures: the primary item of a HEIC (not always its first), the still
    picture of a PNG, the first frame of anything else.
    """
    largest = (sizes[0], sizes[0])
    profile = picture.info.get("icc_profile")
    picture.draft("RGB", largest)  # a JPEG is decoded at a fraction of its size
    upright = _in_eight_bits(ImageOps.exif_transpose(picture))
    plain = upright if upright.mode in PLAIN_MODES else _on_white(upright)
    plain.thumbnail(largest, Image.Resampling.LANCZOS)
    pixels = _in_srgb(plain, profile)
    return Image.frombytes("RGB", pixels.size, pixels.tobytes())


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Scale greys of 16 bits down; a plain conversion would clip everything at 255."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")


def _on_white(picture: Image.Image) -> Image.Image:
    """Put transparent pixels on white, and look up palettes."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    under = Image.new("RGB", layer.size, WHITE)
    under.paste(layer, mask=layer.getchannel("A"))
    return under


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert the colours to sRGB, for screens that ignore colour profiles."""
    if profile:
        try:
            embedded = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, embedded, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            return picture.convert("RGB")  # a profile that is broken, or of other colours
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _answer(picture: Image.Image, sizes: list[int]) -> None:
    files = []
    for size in sizes:
        copy = picture.copy()
        copy.thumbnail((size, size), Image.Resampling.LANCZOS)
        file = BytesIO()
        copy.save(file, "JPEG", quality=QUALITY, optimize=True)
        files.append(file.getvalue())
    lengths = [len(file) for file in files]
    _say({"width": picture.width, "height": picture.height, "lengths": lengths})
    sys.stdout.buffer.write(b"".join(files))


def _refuse(reason: str) -> int:
    _say({"refused": reason})
    return 0


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
