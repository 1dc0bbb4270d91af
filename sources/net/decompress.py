"""Decompress an HTTP body in chunks, up to a size limit. Pure."""

import zlib

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Unpacker:
    """A decoder for a Content-Encoding: none, gzip or deflate; `unknown` is the name of any other."""

    def __init__(self, encoding: str):
        encoding = encoding.strip().lower()
        packed = encoding in ("gzip", "x-gzip", "deflate")
        self.unknown = "" if packed or encoding in ("", "identity") else encoding
        self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB) if packed else None

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """The decompressed chunk, at most `room` bytes of it. Raises ValueError for invalid compressed data."""
        if self._inflate is None:
            return chunk
        try:
            return self._inflate.decompress(chunk, max(room, 1))
        except zlib.error as error:
            raise ValueError(f"压缩数据坏了：{error}") from error

    @property
    def is_whole(self) -> bool:
        """Whether the compressed data is complete."""
        return self._inflate is None or self._inflate.eof
