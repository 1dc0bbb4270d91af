"""How much of a document is read, and how long its server is waited for."""

import gzip
import socket
import time
import zlib

import pytest

from sources.net.fetch import Answer, Failed, Policy, Refused, fetch


def test_what_declares_itself_too_large_is_not_read(server):
    url = server.serve("/big", b"x" * 2000)
    with pytest.raises(Refused, match="上限"):
        fetch(url, server.policy(most=1000))
    assert len(fetch(url, server.policy(most=2000)).body) == 2000


def test_what_does_not_say_its_size_is_cut_off(server):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with pytest.raises(Refused, match="上限"):
        fetch(server.perform("/endless", endless), server.policy(most=1_000_000))


def test_a_gzip_bomb_is_refused(server):
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(Refused, match="上限"):
        fetch(server.serve("/bomb", bomb, Content_Encoding="gzip"), server.policy(most=1_000_000))


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_packed_answers_are_unpacked(server, encoding, pack):
    body = "新闻".encode() * 1000
    url = server.serve("/packed", pack(body), Content_Encoding=encoding)
    assert fetch(url, server.policy(most=len(body))).body == body


@pytest.mark.parametrize("packed", [b"no gzip at all", gzip.compress(b"x" * 1000)[:-4]])
def test_broken_packing_is_a_failure_not_a_text(server, packed):
    with pytest.raises(Failed):
        fetch(server.serve("/packed", packed, Content_Encoding="gzip"), server.policy())


def test_packing_we_do_not_know_is_refused(server):
    with pytest.raises(Refused, match="压缩"):
        fetch(server.serve("/packed", b"x", Content_Encoding="br"), server.policy())


def test_an_answer_cut_short_is_a_failure(server):
    with pytest.raises(Failed, match="没有传完|IncompleteRead"):
        fetch(server.serve("/short", b"x" * 10, Content_Length="20"), server.policy())


def drip(handler, words):
    for byte in words:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def slow_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    drip(handler, b"x" * 1000)


def slow_chunks(handler):
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    drip(handler, b"1\r\nx\r\n" * 200)


def endless_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-A: b\r\n" * 1000)


def endless_header(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    while True:
        handler.wfile.write(b"b" * 10_000)


def endless_promises(handler):
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@pytest.mark.parametrize(
    "endless", [endless_headers, endless_header, endless_promises], ids=lambda act: act.__name__
)
def test_headers_without_end_are_not_read_to_it(server, endless):
    with pytest.raises(Failed):
        fetch(server.perform("/", endless), server.policy(seconds=1))


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.0 200 OK\r\n\r\nyes",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nyes",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\ny\r\n2;x=y\r\nes\r\n0\r\nX-A: b\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes and no",
        "HTTP/1.1 200 好\r\nX-A: 好\r\nContent-Length: 3\r\n\r\nyes".encode(),
    ],
)
def test_every_way_to_end_a_body_is_understood(server, said):
    url = server.perform("/", lambda handler: handler.wfile.write(said))
    assert fetch(url, server.policy()).body == b"yes"


@pytest.mark.parametrize(
    "said",
    [
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nye",
        b"Transfer-Encoding: chunked\r\n\r\nno number\r\nyes",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n",
        b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nyes",
        b"Content-Length: -3\r\n\r\nyes",
        b"Content-Length: 9" + b"9" * 5000 + b"\r\n\r\nyes",
    ],
)
def test_a_body_that_does_not_end_as_it_says_is_a_failure(server, said):
    url = server.perform("/", lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + said))
    with pytest.raises(Failed):
        fetch(url, server.policy())


def slow_headers(handler):
    drip(handler, b"HTTP/1.0 200 OK\r\n" + b"X-A: b\r\n" * 200)


@pytest.mark.parametrize("slow", [slow_body, slow_chunks, slow_headers], ids=lambda act: act.__name__)
def test_a_server_that_drips_runs_into_the_deadline_of_the_whole(server, slow):
    """Every byte comes well within any time-out of a single read."""
    with pytest.raises(Failed, match=r"0\.5 秒内没有传完"):
        fetch(server.perform("/slow", slow), server.policy(seconds=0.5))


def test_redirects_share_one_deadline(server):
    def late(handler):
        time.sleep(0.4)
        handler.send_response(302)
        handler.send_header("Location", "/late")
        handler.end_headers()

    with pytest.raises(Failed):
        fetch(server.perform("/late", late), server.policy(seconds=0.6))
    assert len(server.hits) < 4


def test_a_silent_name_server_is_not_waited_for():
    with pytest.raises(Failed, match="超时"):
        fetch("http://slow.example/", Policy(seconds=0.2, resolve=lambda *_: time.sleep(2)))


@pytest.mark.parametrize("to", ["http://[::1", "http://[x]/", "http://a.example:99999/", "http://a b/"])
def test_a_redirect_that_cannot_be_read_is_refused(server, to):
    with pytest.raises(Refused):
        fetch(server.serve("/go", status=302, Location=to), server.policy())


def test_what_a_server_says_wrong_can_be_stored(server):
    said = b"HTTP/1.1 \0\x1b[31m\xff\r\n\r\n"
    with pytest.raises(Failed) as failed:
        fetch(server.perform("/", lambda handler: handler.wfile.write(said)), server.policy())
    assert str(failed.value).isprintable()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("9" * 5000, 30 * 86400), ("-5", None), ("soon", None), ("", None)]
    + [("Fri, 31 Dec 1999 23:59:59 GMT", 0), ("Fri, 99 Dec 99999999 23:59:59 +99999999", None)],
)
def test_however_long_a_server_asks_to_be_left_alone(said, seconds):
    wait = Answer(503, "http://a.example/", {"retry-after": said}).retry_after
    assert (None if wait is None else wait.total_seconds()) == seconds


@pytest.mark.parametrize("said", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http_is_a_failure(server, said):
    with pytest.raises(Failed):
        fetch(server.perform("/", lambda handler: handler.wfile.write(said)), server.policy())


def test_a_closed_port_and_an_unknown_name_are_failures(canary):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Failed, match="连接出错"):
        fetch(f"http://127.0.0.1:{port}/", Policy(allow=frozenset({("127.0.0.1", port)})))
    with pytest.raises(Failed, match="找不到主机"):
        fetch("http://nowhere.example/", Policy(resolve=lambda *_: []))
