"""Uploaded pictures become clean JPEGs, or one sentence."""

import re
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from app.errors import Refused
from app.photos import pixels as photo_pixels
from app.photos.pixels import MOST_BYTES, SIZES, CleanPhoto, clean_photo
from tests.support.pictures import (
    HEIC,
    SECRETS,
    encoded,
    exif,
    heic_of_two,
    jpeg,
    moving_png,
    opened,
    picture,
    readable,
    swapping_profile,
    two_in_one_jpeg,
    unreadable,
)

pytestmark = pytest.mark.slow

SENTENCE = re.compile(r"[A-Z][^<>\n]*\.")
READABLE, UNREADABLE = readable(), unreadable()


@pytest.mark.parametrize("name", READABLE)
def test_an_odd_photo_becomes_clean_jpegs(name: str) -> None:
    photo = clean_photo(READABLE[name])

    assert len(photo.files) == len(SIZES)
    for size, file in zip(SIZES, photo.files, strict=True):
        image = opened(file)
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert max(image.size) <= size
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert len(image.getexif()) == 0
        for secret in SECRETS:
            assert secret not in file
    assert opened(photo.files[0]).size == (photo.width, photo.height)
    assert photo.size_bytes == sum(map(len, photo.files))


@pytest.mark.parametrize("name", UNREADABLE)
def test_anything_but_a_photo_is_refused_in_one_sentence(name: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        clean_photo(UNREADABLE[name])

    assert SENTENCE.fullmatch(str(refused.value))
    assert time.process_time() - began < 1, "it was decoded here"


def test_each_kind_of_refusal_says_what_to_do() -> None:
    said = {}
    for name in ("nothing", "a page", "a bomb", "cut short"):
        with pytest.raises(Refused) as refused:
            clean_photo(UNREADABLE[name])
        said[name] = str(refused.value)

    assert said["nothing"] == "This file is empty."
    assert "Choose a JPEG" in said["a page"]
    assert "50 megapixels" in said["a bomb"]
    assert "choose it again" in said["cut short"]


def test_a_photo_held_sideways_is_turned_upright() -> None:
    photo = clean_photo(jpeg(exif=exif(orientation=6)))

    assert (photo.width, photo.height) == (320, 240)
    upper, lower = (opened(photo.files[0]).getpixel((160, y)) for y in (20, 220))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert upper[0] > lower[0] + 80


def test_a_large_photo_comes_in_three_sizes_and_a_small_one_is_not_blown_up() -> None:
    large = clean_photo(jpeg(3_000, 4_000))
    assert [max(opened(file).size) for file in large.files] == list(SIZES)
    assert (large.width, large.height) == (1_536, 2_048)

    small = clean_photo(jpeg(100, 80))
    assert [opened(file).size for file in small.files] == [(100, 80)] * 3


def test_colours_are_kept_as_they_were_seen_without_their_profile() -> None:
    plain, swapped = (
        opened(clean_photo(file).files[0]).getpixel((20, 20))
        for file in (jpeg(), jpeg(icc_profile=swapping_profile()))
    )

    assert near(plain, (200, 150, 120))
    assert near(swapped, (120, 150, 200))


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    """Whether a colour is one that a JPEG would make of another."""
    assert isinstance(found, tuple)
    return all(abs(each - other) < 8 for each, other in zip(found, wanted, strict=True))


def test_greys_of_sixteen_bits_keep_their_light() -> None:
    grey = Image.new("I;16", (60, 40), 128 * 257)
    photo = clean_photo(encoded(grey, "PNG"))

    assert near(opened(photo.files[0]).getpixel((20, 20)), (128, 128, 128))


def test_ink_is_turned_into_light() -> None:
    photo = clean_photo(encoded(picture(mode="CMYK")))

    assert near(opened(photo.files[0]).getpixel((20, 20)), (200, 150, 120))


def test_what_shines_through_is_white() -> None:
    photo = clean_photo(encoded(picture(mode="RGBA").point(lambda value: 0), "PNG"))

    assert opened(photo.files[0]).getpixel((20, 20)) == (255, 255, 255)


def test_a_file_over_the_limit_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_pixels, "_decode", lambda upload: pytest.fail("it was decoded"))

    with pytest.raises(Refused, match="at most 25 MB per photo"):
        clean_photo(b"\xff\xd8\xff" + b"x" * MOST_BYTES)


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "raise SystemExit(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('no json')",
        'print(\'{"width": 1, "height": 1, "lengths": [3, 3, 3]}\'); print(\'<html>\')',
        'print(\'{"width": 1, "height": 1, "lengths": []}\')',
    ],
)
def test_a_decoder_that_hangs_breaks_or_lies_costs_that_photo_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    script = tmp_path / "decoder.py"
    script.write_text(program)
    monkeypatch.setattr(photo_pixels, "DECODER", script)
    monkeypatch.setattr(photo_pixels, "MOST_SECONDS", 1.5)

    with pytest.raises(Refused, match="cannot be read"):
        clean_photo(jpeg())


def test_one_photo_is_decoded_at_a_time() -> None:
    cleaned: list[CleanPhoto] = []
    decoding = Thread(target=lambda: cleaned.append(clean_photo(jpeg())))

    with photo_pixels.ONE_AT_A_TIME:
        decoding.start()
        decoding.join(0.5)
        assert cleaned == []
    decoding.join()
    assert cleaned[0].width == 240


def test_the_decoder_may_write_no_file_and_take_no_more_memory_than_it_is_given() -> None:
    code = (
        "import json, sys, runpy, resource\n"
        f"names = runpy.run_path({str(photo_pixels.DECODER)!r})\n"
        f"names['_limit_this_process']({photo_pixels.LIMITS!r})\n"
        "limits = [resource.getrlimit(each)[0] for each in (resource.RLIMIT_AS,"
        " resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]\n"
        "print(json.dumps(limits))\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[1600000000, 18, 0]"


def test_a_phones_own_format_is_read() -> None:
    photo = clean_photo(HEIC)

    left, right = (opened(photo.files[0]).getpixel((x, 20)) for x in (8, 56))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > left[2]
    assert right[2] > right[0]


@pytest.mark.parametrize(("primary", "size"), [(1, (64, 48)), (3, (48, 64))])
def test_of_a_heic_with_several_pictures_the_primary_one_is_kept(
    primary: int, size: tuple[int, int]
) -> None:
    photo = clean_photo(heic_of_two(primary))

    assert (photo.width, photo.height) == size


@pytest.mark.parametrize("upload", [moving_png(), two_in_one_jpeg()], ids=["png", "mpo"])
def test_of_pictures_in_one_file_the_one_that_viewers_show_is_kept(upload: bytes) -> None:
    red, green, blue = opened(clean_photo(upload).files[0]).getpixel((10, 10))  # type: ignore[misc]

    assert red > 200
    assert max(green, blue) < 60
