"""One document from the web: only from the internet, on every hop; briefly; never too much."""

import shutil
import socket
import ssl
import subprocess
from threading import Thread

import pytest

from sources.net.fetch import Failed, Policy, Refused, fetch


def naming(**hosts):
    """A resolver that knows these hosts (dots as underscores) and remembers what it was asked."""
    known = {name.replace("_", "."): addresses for name, addresses in hosts.items()}
    return lambda host, port: known[host]


# ------------------------------------------------------------------ what may be asked
def test_an_allowed_address_answers(server):
    answer = fetch(server.serve("/a?b=1", "好", Content_Type="text/plain"), server.policy())
    assert (answer.status, answer.body.decode(), answer.headers["content-type"]) == (200, "好", "text/plain")
    assert answer.url == server.at("/a?b=1")


PRIVATE = [
    *("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://[::1]/", "http://0/"),
    *("http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/"),
    *(
        "http://localhost/",
        "https://localhost/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://[fe80::1]/",
    ),
    *("http://127.1/", "http://0.0.0.0/", "http://[::]/", "http://①②⑦.0.0.1/", "http://100.100.100.200/"),
    *(
        "http://127.0.0.1./",
        "http://[0:0:0:0:0:ffff:7f00:1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[fe80::1%25lo]/",
    ),
    *("http://%31%32%37.0.0.1/", "http://0x7f000001/", "http://0177.0.0.1/", "http://[::127.0.0.1]/"),
    *("https://127.0.0.1:443/", "http:\\\\127.0.0.1/", "http://127。0。0。1/"),
]


@pytest.mark.parametrize("url", PRIVATE)
def test_no_address_of_our_own_network_is_asked_however_it_is_written(url):
    with pytest.raises((Refused, Failed)) as refused:
        fetch(url, Policy())
    if isinstance(refused.value, Failed):
        assert "找不到主机" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://a.example/", "//127.0.0.1/admin/", ""]
    + ["http://", "http:///x", "http://user:pw@example.com/", "http://user@example.com/", "data:text/html,x"]
    + [
        "http://example.com@127.0.0.1/",
        "http://@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://:@a.example/",
    ]
    + [
        "http://a.example:0/",
        "http://a.example:65616/",
        "http://a%2eb.example/",
        "http://a.example:８0８/",
        "http:a.example",
    ]
    + ["http://[::1", "javascript:alert(1)", "http://example.com/" + "a" * 3000, "http://ex ample.com/"],
)
def test_only_plain_web_addresses_are_got(url):
    def resolve(host, port):
        raise AssertionError(f"looked up {host}")

    with pytest.raises(Refused):
        fetch(url, Policy(resolve=resolve))


def test_nothing_connects_to_a_port_that_is_not_allowed(canary):
    with pytest.raises(Refused, match="端口"):
        fetch(f"http://public.example:{canary.port}/", Policy(resolve=naming(public_example=["8.8.8.8"])))
    with pytest.raises(Refused, match="内部网络"):
        fetch(f"http://127.0.0.1:{canary.port}/", Policy())
    assert canary.connections == 0


def test_what_one_is_allowed_opens_no_other_port(server, canary):
    with pytest.raises(Refused):
        fetch(f"http://127.0.0.1:{canary.port}/", server.policy())
    assert canary.connections == 0


def test_a_name_with_one_address_inside_is_refused_altogether():
    policy = Policy(resolve=naming(mixed_example=["8.8.8.8", "10.0.0.8"]))
    with pytest.raises(Refused, match=r"10\.0\.0\.8"):
        fetch("http://mixed.example/", policy)


def test_the_address_that_was_checked_is_the_one_connected_to(server, canary):
    """Rebinding: a name server that says one thing to the check and another to the connection."""
    said = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return next(said)

    server.serve("/", "好")
    answer = fetch(f"http://rebind.example:{server.port}/", server.policy(resolve=rebinding))
    assert answer.body.decode() == "好"
    assert asked == ["rebind.example"]
    assert server.hits[0][1]["host"] == f"rebind.example:{server.port}"


def test_a_redirect_is_checked_like_an_address_of_its_own(server, canary):
    to = f"http://127.0.0.1:{canary.port}/secret"
    with pytest.raises(Refused):
        fetch(server.serve("/go", status=302, Location=to), server.policy())
    assert canary.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/", "http://[::1]/", "file:///etc/passwd", "//0x7f.1/"]
)
def test_no_kind_of_redirect_leads_inside(server, status, to):
    with pytest.raises(Refused):
        fetch(server.serve("/go", status=status, Location=to), server.policy())


def test_a_name_that_moves_inside_between_two_hops_is_refused(server):
    said = iter([["127.0.0.1"], ["10.0.0.1"]])
    server.serve("/go", status=302, Location="/there")
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        fetch(f"http://a.example:{server.port}/go", server.policy(resolve=lambda *_: next(said)))
    assert server.paths() == ["/go"]


def test_three_redirects_are_followed_and_not_four(server):
    for n in range(4):
        server.serve(f"/{n}", status=302, Location=f"/{n + 1}")
    server.serve("/4", "到了")
    assert fetch(server.at("/1"), server.policy()).url == server.at("/4")
    with pytest.raises(Refused, match="转了 3 次"):
        fetch(server.at("/0"), server.policy())


def test_a_server_that_sends_one_round_in_circles_is_left_after_three(server):
    server.serve("/a", status=302, Location="/b")
    server.serve("/b", status=302, Location="/a")
    with pytest.raises(Refused, match="转了 3 次"):
        fetch(server.at("/a"), server.policy())
    assert server.paths() == ["/a", "/b", "/a", "/b"]


def test_the_environment_s_proxies_are_not_used(server, canary, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    assert fetch(server.serve("/", "好"), server.policy()).status == 200
    assert canary.connections == 0


# ------------------------------------------------------------------ manners
def test_the_second_time_it_asks_whether_anything_has_changed(server):
    url = server.serve("/feed", "一", ETag='"v1"')
    etag = fetch(url, server.policy()).headers["etag"]
    again = fetch(url, server.policy(), {"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")


def test_errors_come_back_as_they_are_without_a_body(server):
    answer = fetch(server.serve("/gone", "走了", status=410, Retry_After="60"), server.policy())
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (410, b"", "60")


def test_chinese_in_an_address_is_sent_as_the_web_writes_it(server):
    server.serve("/%E6%96%B0%E9%97%BB?q=%E9%93%B6%E8%A1%8C", "好")
    assert fetch(server.at("/新闻?q=银行"), server.policy()).status == 200


def test_chinese_hosts_are_asked_by_their_ascii_names(server):
    server.serve("/", "好")
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    fetch(f"http://新闻.中国:{server.port}/", server.policy(resolve=resolve))
    assert asked == ["xn--efvy88h.xn--fiqs8s"]
    assert server.hits[0][1]["host"] == f"xn--efvy88h.xn--fiqs8s:{server.port}"


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/a/../b/./c", "/b/c"),
        ("/../../img/1.jpg", "/img/1.jpg"),
        ("/a b?c d#e", "/a%20b?c%20d"),
        ("/%E9%93%B6?x=%26", "/%E9%93%B6?x=%26"),
        ("?q=1", "/?q=1"),
        ("#top", "/"),
    ],
)
def test_paths_are_sent_as_browsers_send_them(server, asked, sent):
    server.serve(sent, "好")
    assert fetch(server.at(asked), server.policy()).url == server.at(sent)
    assert server.paths() == [sent]


@pytest.mark.parametrize("value", ['"a\r\nHost: other.example"', '"a\0"', '"好"'])
def test_what_a_server_said_once_cannot_put_headers_into_the_next_request(server, value):
    with pytest.raises(Failed, match="连接出错"):
        fetch(server.serve("/", "好"), server.policy(), {"If-None-Match": value})
    assert server.hits == []


@pytest.mark.parametrize("host", ["①②⑦.0.0.1", "例。127.0.0.1.nip.io", "１２７.0.0.1"])
def test_digits_in_fancy_dress_are_seen_through(host):
    asked = []

    def resolve(name, port):
        asked.append(name)
        return ["127.0.0.1"]

    with pytest.raises(Refused, match="内部网络"):
        fetch(f"http://{host}/", Policy(resolve=resolve))
    assert asked[0].isascii() and asked[0].endswith((".0.0.1", "127.0.0.1.nip.io"))


# ------------------------------------------------------------------ TLS
@pytest.fixture
def tls_server(tmp_path):
    """A server with a certificate for tls.example; gives its port and the certificate."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=tls.example", "-addext", "subjectAltName=DNS:tls.example"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2"]
    subprocess.run(["openssl", "req", "-x509", *made, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            while True:
                try:
                    with context.wrap_socket(listening.accept()[0], server_side=True) as line:
                        line.recv(4096)
                        line.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nyes")
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        Thread(target=answer, daemon=True).start()
        yield listening.getsockname()[1], certificate
        listening.shutdown(socket.SHUT_RDWR)


def test_a_certificate_must_be_trusted_and_name_the_host(tls_server):
    port, certificate = tls_server
    trusting = ssl.create_default_context(cafile=str(certificate))
    allow = frozenset({("127.0.0.1", port)})

    def get(host, tls):
        policy = Policy(allow=allow, resolve=lambda *_: ["127.0.0.1"], tls=tls)
        return fetch(f"https://{host}:{port}/", policy)

    assert get("tls.example", trusting).body == b"yes"
    assert get("tls.example.", trusting).body == b"yes"  # the same name, from the root on
    with pytest.raises(Failed, match="CERTIFICATE_VERIFY_FAILED"):
        get("other.example", trusting)
    with pytest.raises(Failed, match="CERTIFICATE_VERIFY_FAILED"):
        get("tls.example", None)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_takes_the_connection_and_says_nothing_is_left_at_the_deadline(scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        policy = Policy(allow=frozenset({("127.0.0.1", port)}), seconds=0.3)
        with pytest.raises(Failed, match=r"0\.3 秒内没有传完"):
            fetch(f"{scheme}://127.0.0.1:{port}/", policy)
