"""Which addresses may be asked: the internet's, however they are written, and no others."""

import pytest

from sources.net.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "114.114.114.114", "2400:3200::1", "2606:4700:4700::1111"]
    + ["::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255"]
    + ["192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1"]
    + ["198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"]
    + ["255.255.255.255", "192.88.99.1"]
    + ["::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"]
    + ["64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:808:808::1"]
    + ["2001:0:53aa:64c:0:fbff:80ff:fffe", "fe80::1", "fe80::1%eth0", "2400:3200::1%eth0", "fec0::1"]
    + ["fc00::1", "fd00::1", "ff02::1", "2001:db8::1", "100::1", "::ffff:0:127.0.0.1"],
)
def test_everything_else_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize("words", ["", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "127.0.0.1:80"])
def test_only_digits_are_judged(words):
    with pytest.raises(ValueError):
        is_public(words)
