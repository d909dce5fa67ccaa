"""Writes PNG files of every kind, from samples (PNG specification, second edition)."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data=b"", checksum=None):
    crc = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def packed(samples, bits):
    """A row's samples, those of less than a byte the first one highest."""
    if bits == 16:
        return struct.pack(">%dH" % len(samples), *samples)
    out, value, count = bytearray(), 0, 0
    for sample in samples:
        value, count = value << bits | sample, count + bits
        if count == 8:
            out.append(value)
            value, count = 0, 0
    if count:
        out.append(value << 8 - count)
    return bytes(out)


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, step, which):
    out, above = bytearray(), None
    for number, row in enumerate(rows):
        above = above or bytes(len(row))
        kind = number % 5 if which is None else which
        out.append(kind)
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b, c = above[i], above[i - step] if i >= step else 0
            out.append(value - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind] & 255)
        above = row
    return bytes(out)


def file(
    width, height, kind, bits, pixels, palette=b"", before=b"", between=b"", after=b"", interlaced=False,
    filters=None, parts=1, level=6, tail=b"",
):
    """pixels[y][x] is a sequence of samples."""
    step = max(1, CHANNELS[kind] * bits // 8)

    def image(x0, y0, dx, dy):
        rows = [
            packed([s for pixel in pixels[y][x0::dx] for s in pixel], bits)
            for y in range(y0, height, dy)
            if width > x0
        ]
        return filtered(rows, step, filters)

    data = b"".join(image(*p) for p in PASSES) if interlaced else image(0, 0, 1, 1)
    stream = zlib.compress(data, level)
    out = SIGNATURE
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced)))
    out += before
    if palette:
        out += chunk(b"PLTE", palette)
    out += between
    size = -(-len(stream) // parts)
    for i in range(0, len(stream), size):
        out += chunk(b"IDAT", stream[i : i + size])
    return out + after + chunk(b"IEND") + tail
