"""Decode a foreign picture within limits and encode it again as WebP, so that none of its bytes is kept."""

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image, ImageOps

TYPES = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = 40_000_000
FEWEST = 16  # pixels a side: smaller ones are tracking pixels
WIDEST = 1600
TALLEST = 16_000  # WebP ends at 16,383
QUALITY = 82
LYING = range(5, 9)  # EXIF orientations that rotate by 90 degrees


class NotAPicture(Exception):
    """Not a picture we accept; the message says why."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A WebP file with its size, and the type and size of the original."""

    data: bytes
    width: int
    height: int
    original_type: str
    original_width: int
    original_height: int


def redraw(data: bytes) -> Redrawn:
    """The picture (the first frame of an animation), upright, without metadata, at most 1600 pixels wide.

    Raises NotAPicture for other types (by content, not by name), too many pixels (checked before decoding), too few,
    and broken files.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _redraw(data)
        except NotAPicture:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise NotAPicture("像素太多，不解开") from error
        except Exception as error:  # a decoder's fault must cost one picture, not the run
            raise NotAPicture(f"图片坏了（{type(error).__name__}: {str(error)[:100]}）") from error


def _redraw(data: bytes) -> Redrawn:
    try:
        opened = Image.open(BytesIO(data), formats=TYPES)
    except Image.UnidentifiedImageError as error:
        raise NotAPicture(f"不是 JPEG、PNG、GIF、WebP 图片（{_looks_like(data)}）") from error
    with opened as image:
        _judge(*image.size)
        kind, size = image.format, image.size
        if image.getexif().get(ExifTags.Base.Orientation, 1) in LYING:
            size = size[::-1]
        image.draft("RGB", (WIDEST, WIDEST))  # a JPEG is decoded at half or a quarter where that is enough
        ImageOps.exif_transpose(image, in_place=True)
        if image.mode == "I;16":
            image = _in_bytes(image)
        clear = image.has_transparency_data
        # Scale down first where the mode allows it: each full-size copy may take 160 MB.
        small = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA" if clear else "RGB")
        small.thumbnail((WIDEST, TALLEST))
        plain = _on_white(small) if clear else small.convert("RGB")
        out = BytesIO()
        plain.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return Redrawn(out.getvalue(), *plain.size, kind, *size)


def _in_bytes(image: Image.Image) -> Image.Image:
    """16-bit grey as 8-bit, its transparent value as white: Pillow would clip nearly everything to white."""
    levels = np.asarray(image)
    grey = (levels >> 8).astype(np.uint8)
    grey[levels == image.info.get("transparency", -1)] = 0xFF
    return Image.fromarray(grey)


def _on_white(image: Image.Image) -> Image.Image:
    """On a white background: black lines on transparency could not be seen on a dark page."""
    paper = Image.new("RGB", image.size, "white")
    clear = image.convert("RGBA")
    paper.paste(clear, mask=clear)
    return paper


def _judge(width: int, height: int) -> None:
    """Check the size in the header, before anything is decoded."""
    if width * height > MOST_PIXELS:
        raise NotAPicture(f"有 {width}×{height} 像素，超过 {MOST_PIXELS // 1_000_000} 百万，不解开")
    if min(width, height) < FEWEST:
        raise NotAPicture(f"只有 {width}×{height} 像素，是占位图")


def _looks_like(data: bytes) -> str:
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "是 SVG"
    if head.startswith((b"<!doctype", b"<html", b"<")):
        return "是网页"
    return f"开头是 {data[:8].hex(' ')}" if data else "空文件"
