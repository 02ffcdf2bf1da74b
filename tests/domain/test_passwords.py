"""Passwords that are guessed first, and those that are not."""

import pytest

from app.domain.passwords import COMMON, is_easily_guessed


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "P@$$w0rd2026",
        "passwordpassword",
        "pass word 1234",
        "1234password!",
        "qwertyuiop12",
        "qwertzuiop2026",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "asdfghjkl123",
        "iloveyou2026",
        "iloveyou-forever",
        "sunshinedragon",
        "liverpool1892",
        "letmein!letmein!",
        "correct horse battery staple",
        "23 11 2026 !",
        "2026-11-23-2026",
        "trustno1trustno1",
        "zaq12wsxcde3",
        "minoxidil2026",
        "!QAZ2wsx#EDC",
        "!qaz@wsx3edc",
        "zxcvfdsaqwer",
        "ytrewqasdfghnbvcxz",
        "7ujm8ik,9ol.",
        "qwertz-asdfgh",
        "unbelievable1",
        "Congratulations!",
        "manchesterunited",
        "leeds united 1919",
        "ilovemydog123",
        "i love you and my cat",
        "this is my password",
        "geheim123456.",
    ],
)
def test_what_many_people_choose_is_guessed_first(password: str) -> None:
    assert is_easily_guessed(password, "Alice")


@pytest.mark.parametrize(
    "password",
    [
        "alice1234567",
        "AliceWinter!!",
        "wonder alice",
        "w0nder-al1ce",
        "mynameisalice",
        "ich bin alice 1990",
        "iamalicewonder",
    ],
)
def test_the_own_name_is_guessed_first(password: str) -> None:
    assert is_easily_guessed(password, "Alice Wonder")


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet copper kettles",
        "nine loud paper lanterns",
        "xk7qm2vrt9lp",
        "strand-4f9a01bc",
        "my dog eats my homework on the moon",
        "were there trees everywhere",
        "assertiveness-property",
        "password and three more words",
        "mein alter Kater schnarcht",
        "ein\N{LATIN SMALL LETTER U WITH DIAERESIS}ber\N{LATIN SMALL LETTER SHARP S}trand",
    ],
)
def test_what_a_person_makes_up_is_not(password: str) -> None:
    assert not is_easily_guessed(password, "Alice Wonder")


def test_the_list_is_long_sorted_and_in_small_letters() -> None:
    assert len([word for word in COMMON if len(word) >= 8]) > 1000
    assert len(COMMON) > 3000
    assert all(word == word.casefold() and word.isprintable() for word in COMMON)
