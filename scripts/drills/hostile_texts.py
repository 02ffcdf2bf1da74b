"""Texts that have broken programs, and a check whether a page let one in."""

from random import Random

MARK = "data-fuzz"
# As they appear in a page only if typed text was not escaped.
LET_IN = (
    *(f"<i {MARK}", f'" {MARK}="', f"' {MARK}='", "<script>fuzz"),
    *('href="javascript:fuzz', 'action="javascript:fuzz', 'src="javascript:fuzz'),
)

SCRIPTS = (
    f"<i {MARK}>",
    f'" {MARK}="',
    f"' {MARK}='",
    f"</title></textarea></script><i {MARK}>",
    "<script>fuzz()</script>",
    "</script><script>fuzz()</script>",
    "javascript:fuzz()",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "' OR 1=1; DROP TABLE note; --",
    "%' ESCAPE '\\_%",
    "%s %n {0} {missing} %(name)s",
    "../../../../etc/passwd",
    "a\r\nset-cookie: sid=fuzz",
)
LETTERS = (
    "",
    " \t\r\n ",
    "\0",
    "before\0behind",
    "\ud800",
    "\udfff\ud800 alone",
    "\u202eright to left\u2066",
    "zero\u200bwidth\u200d\ufeff",
    "\ufeff=1+1",
    "Z\u0351" * 400,
    "\U0001f9d1\u200d\U0001f52c" * 90,
    "\u2028line\u2029end\x85\x0b\x0c",
    "\x1b[31m\x07\x7f",
    "\ufdfa" * 100,
    "\u0130\u0131\u00df\u017f\u212a",
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "x" * 81,
    "x" * 2_001,
    "x" * 20_000,
    "\n" * 3_000,
    ";" * 500,
    "None",
    "null",
    "[]",
    '{"$gt": ""}',
)
NUMBERS = (
    *("0", "-0", "-1", "1e-400", "1e308", "1e309", "-1e309", "nan", "inf", "-Infinity"),
    *(
        "9" * 30,
        "9" * 400,
        "9" * 5_000,
        "2147483648",
        "9223372036854775808",
        "-9223372036854775809",
    ),
    *(
        "1,5",
        "1.000,5",
        "1_000",
        "0x10",
        "\u00bd",
        "\u00b2",
        "\u0661\u0662\u0663",
        "\uff11\uff12",
        "1e5",
        "0.1" + "0" * 400 + "1",
    ),
    *("1000000", "1000000.0000001", "0.0000000000001", "1 000", "+5", "5-", "5.5.5"),
)
TIMES = (
    *("0001-01-01", "9999-12-31", "1949-12-31", "1950-01-01", "2200-12-31", "2201-01-01"),
    *("2026-02-30", "10000-01-01", "0000-00-00", "-2026-01-01", "2024-02-29", "1582-10-10"),
    *(
        "2026-W01",
        "2026-W53",
        "0001-W01",
        "9999-W53",
        "2026-W47-1",
        "2026-11",
        "9999-12",
        "0001-01",
    ),
    *("0001", "9999", "20261128", "2026-11-28T10:00", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59.999999-14:00", "2200-12-31T23:59:59Z", "1950-01-01T00:00:00+23:59"),
    *("24:00", "00:00", "23:59:59.999999", "12:00Z", "00:00+23:59", "25:61", "8", "8 pm", "0800"),
    *("1e10", "253402300800", "-62135596801", "\uff19:\uff10\uff10"),
    *(
        "UTC",
        "Etc/GMT+12",
        "Pacific/Kiritimati",
        "Mars/Phobos",
        "../UTC",
        "/etc/localtime",
        "UTC\0",
    ),
)
IDS = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{12345678-1234-5678-1234-567812345678}",
    "urn:uuid:12345678-1234-5678-1234-567812345678",
    "12345678123456781234567812345678",
    "12345678-1234-5678-1234-56781234567",
)
HOSTILE = (*SCRIPTS, *LETTERS, *NUMBERS, *TIMES, *IDS)
ALPHABET = "aZ0 .,:;=+-@'\"<>&%_/\\\0\r\n\t\u00e9\u0301\u05d0\u202e\u200b\ud800\U0001f600"


def hostile_text(rng: Random) -> str:
    """Return one of the known texts, two of them together, or random letters."""
    kind = rng.random()
    if kind < 0.7:
        return rng.choice(HOSTILE)
    if kind < 0.85:
        return rng.choice(HOSTILE)[:2_000] + rng.choice(HOSTILE)[:2_000]
    return "".join(rng.choices(ALPHABET, k=rng.randint(1, 90)))


def is_let_in(page: str) -> bool:
    """Whether a page holds something hostile that was not escaped."""
    return any(each in page for each in LET_IN)
