"""Which push services are called: an address comes from a browser and may be hostile."""

import pytest

from app.push.addresses import NotAllowedAddress, PushServices, is_public, public_address

ALLOWED = (
    "https://fcm.googleapis.com/fcm/send/abc",
    "https://FCM.googleapis.com./x",
    "https://fcm.googleapis.com:443/x",
    "https://updates.push.services.mozilla.com/wpush/v2/x",
    "https://web.push.apple.com/q",
    "https://wns2-by3p.notify.windows.com/w/?token=x",
)
HOSTILE = (
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com@127.0.0.1/x",
    "https://fcm.googleapis.com:pw@evil.example/x",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://evil.example/?fcm.googleapis.com",
    "https://evil.example/#fcm.googleapis.com",
    "https://xpush.apple.com/",
    "https://push.apple.com.evil.example/",
    "https://fcm.googleapis.com.evil.example/",
    "https://fcm.googleapis.com\\@evil.example/",
    "https://fcm.googleapis.com%2eevil.example/",
    "https://fcm.googleapis.com\r\nX: y/",
    "https://fcm.googleapis.com/ x",
    "https://fcm.googleapis.com:99999/",
    "https://fcm.google\N{CYRILLIC SMALL LETTER A}pis.com/",
    "file:///etc/passwd",
    "//fcm.googleapis.com/x",
    "",
    "https://fcm.googleapis.com/" + "x" * 2_048,
)
PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.2", "169.254.169.254", "100.64.1.1"),
    *("0.0.0.0", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
)


@pytest.mark.parametrize("address", ALLOWED)
def test_the_services_of_the_browsers_are_called(address: str) -> None:
    PushServices().check(address)


def test_no_hostile_address_is_called() -> None:
    passed = []
    for address in HOSTILE:
        try:
            PushServices(["push.example.org"]).check(address)
            passed.append(address)
        except NotAllowedAddress:
            pass
    assert passed == []


def test_a_service_that_the_administrator_names_is_called() -> None:
    services = PushServices(["push.example.org", "http://192.168.1.5:8080"])

    services.check("https://push.example.org/x")
    services.check("http://192.168.1.5:8080/x")
    for other in (
        "http://push.example.org/x",
        "http://192.168.1.5/x",
        "https://192.168.1.5:8080/x",
    ):
        with pytest.raises(NotAllowedAddress):
            services.check(other)


def test_only_public_addresses_are_called() -> None:
    assert [each for each in PRIVATE if is_public(each)] == []
    assert is_public("8.8.8.8")
    assert is_public("2606:4700::1111")


def test_a_name_that_leads_home_as_well_is_not_called() -> None:
    with pytest.raises(NotAllowedAddress):
        public_address("fcm.googleapis.com", lambda _host: ["142.250.1.1", "192.168.1.2"])
    with pytest.raises(NotAllowedAddress):
        public_address("fcm.googleapis.com", lambda _host: [])
    assert public_address("fcm.googleapis.com", lambda _host: ["142.250.1.1"]) == "142.250.1.1"
