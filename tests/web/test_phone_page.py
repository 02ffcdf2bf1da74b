"""The QR code, read back module by module."""

import re

import segno

from app.web.pages.settings.phone import QUIET_ZONE, qr_code

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")


def test_the_path_draws_each_dark_module_and_no_other() -> None:
    text = "https://strand.example.org/hair"

    code = qr_code(text)

    drawn = {
        (int(row), column)
        for x, row, width, back in RUN.findall(code.path)
        for column in range(int(x), int(x) + int(width))
        if x == back
    }
    matrix = segno.make_qr(text, error="m").matrix
    assert drawn == {
        (row + QUIET_ZONE, column + QUIET_ZONE)
        for row, modules in enumerate(matrix)
        for column, module in enumerate(modules)
        if module
    }
    assert RUN.sub("", code.path) == ""
    assert code.side == len(matrix) + 2 * QUIET_ZONE
