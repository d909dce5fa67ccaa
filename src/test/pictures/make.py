"""Makes the pictures of PicturesTest and writes down what Pillow reads from them.

    python3 src/test/pictures/make.py

needs Pillow (python3-pil of Debian 12 made those that are checked in, with libjpeg-turbo 2.1) and
writes pictures.zip and pictures.tsv to src/test/resources/pictures. A line of the table is a file,
its length without the bytes behind its end, and either its size and the SHA-256 of its R, G and B
as Image.open(file).convert("RGB") gives them, or "refused" and what the message is to name.
"""

import hashlib
import io
import math
import os
import random
import struct
import warnings
import zipfile
import zlib

import jpeg
import png
from PIL import Image, ImageCms

warnings.simplefilter("ignore")
FILES, REFUSED, TAILS = {}, {}, {}


def plane(width, height, kind, seed, top=255):
    r = random.Random(seed)
    a, b, p = r.random() * 0.5 + 0.05, r.random() * 0.5 + 0.05, r.random() * 6

    def value(x, y):
        if kind == "noise":
            return r.choice((0, top))
        if kind == "smooth":
            return top // 2 + top * 0.4 * math.sin(a * x + p) * math.cos(b * y)
        if kind == "edges":
            return top if (x // 5 + y // 3) % 2 else 0
        return top // 2 + top * 0.35 * math.sin(a * x + p) * math.cos(b * y) + r.gauss(0, top / 10)

    return [[max(0, min(top, int(value(x, y)))) for x in range(width)] for y in range(height)]


def put(name, data, refused=None, tail=0):
    assert name not in FILES, name
    FILES[name] = data
    TAILS[name] = tail
    if refused:
        REFUSED[name] = refused


def components(width, height, sampling, quality, kind, ids=(1, 2, 3, 4), tables=None):
    tables = tables or {0: jpeg.steps(quality), 1: jpeg.steps(max(1, quality // 2 + 1))}
    parts = [
        jpeg.Component(ids[i], h, v, 1 if i in (1, 2) else 0) for i, (h, v) in enumerate(sampling)
    ]
    most_h, most_v = max(c.h for c in parts), max(c.v for c in parts)
    for i, c in enumerate(parts):
        c.lay_out(width, height, most_h, most_v)
        c.transform(plane(width, height, kind, i + width * height), tables[c.table])
    return parts, tables


def photo(width=23, height=18, sampling=((1, 1),) * 3, quality=85, kind="mixed", scans=None, **how):
    more = {k: how.pop(k) for k in ("ids", "tables") if k in how}
    parts, tables = components(width, height, sampling, quality, kind, **more)
    if isinstance(scans, int):
        scans = jpeg.progressive_scans(len(parts), scans)
    return jpeg.file(width, height, parts, {t: tables[t] for t in {c.table for c in parts}}, scans, **how)


def colour(h, v):
    return ((h, v), (1, 1), (1, 1))


def samplings():
    kinds = {
        "444": colour(1, 1), "422": colour(2, 1), "420": colour(2, 2), "440": colour(1, 2),
        "411": colour(4, 1), "410": colour(4, 2), "441": colour(1, 4), "311": colour(3, 1),
        "131": colour(1, 3), "321": colour(3, 2), "small-light": ((1, 1), (2, 2), (2, 2)),
        "three-sizes": ((4, 1), (2, 1), (1, 1)), "crosswise": ((2, 2), (2, 1), (1, 2)),
        "one-small": ((2, 2), (1, 1), (2, 2)),
    }
    for name, sampling in kinds.items():
        for width, height in ((23, 18), (16, 16), (1, 1), (5, 3), (3, 17)):
            for scans in (None, 0):
                if scans is not None and width in (16, 1):
                    continue
                kind = "noise" if width == 5 else "mixed"
                form = "baseline" if scans is None else "progressive"
                put(
                    f"sampling-{name}-{width}x{height}-{form}.jpg",
                    photo(width, height, sampling, kind=kind, scans=scans),
                )
    put("sampling-fraction.jpg", photo(sampling=((3, 1), (2, 1), (1, 1))), "do not divide")
    put("sampling-many-blocks.jpg", photo(sampling=((2, 2),) * 3), "12 blocks a unit")
    for h, v in ((1, 1), (2, 2), (1, 2), (4, 1), (3, 3)):
        for scans in (None, 0):
            put(f"grey-{h}{v}-{scans}.jpg", photo(sampling=((h, v),), kind="noise", scans=scans))


def qualities():
    for quality in (1, 5, 20, 50, 100):
        for kind in ("noise", "edges", "smooth"):
            put(f"quality-{quality}-{kind}.jpg", photo(quality=quality, kind=kind, sampling=colour(2, 2)))
    for step in (256, 1000, 3000, 8000):
        table = [step] * 64
        put(
            f"steps-{step}.jpg",
            photo(sampling=colour(1, 1), kind="noise", tables={0: table, 1: table}, deep=(0, 1)),
        )
    for seed in range(24):
        r = random.Random(seed)
        parts = [
            jpeg.Component(i + 1, h, v, 0)
            for i, (h, v) in enumerate(colour(*r.choice(((1, 1), (2, 1), (2, 2), (1, 2)))))
        ]
        width, height = r.randrange(1, 30), r.randrange(1, 30)
        # From sharp pictures to sums that leave 16 bits on the way.
        spread, density = ((30, 0.05), (60, 0.1), (150, 0.5), (300, 0.6))[seed % 4]
        for c in parts:
            c.lay_out(width, height, max(p.h for p in parts), max(p.v for p in parts))
            c.blocks = [
                [
                    [
                        max(-1023, min(1023, int(r.gauss(0, spread)))) if r.random() < density else 0
                        for _ in range(64)
                    ]
                    for _ in range(c.padded_across)
                ]
                for _ in range(c.padded_down)
            ]
        scans = r.choice((None, jpeg.progressive_scans(3, 0)))
        put(f"coefficients-{seed}.jpg", jpeg.file(width, height, parts, {0: [1] * 64}, scans))
    huge = jpeg.Component(1, 1, 1, 0)
    huge.lay_out(8, 8, 1, 1)
    huge.blocks = [[[1000] * 64]]
    put("coefficients-beyond.jpg", jpeg.file(8, 8, [huge], {0: [255] * 64}), "beyond those of 8 bits")


def scans():
    for interval in (1, 2, 3, 7, 100):
        for kind in (None, 0, 1):
            put(f"restart-{interval}-{kind}.jpg", photo(sampling=colour(2, 1), scans=kind, restart=interval))
    for kind in (0, 1, 2):
        for name, sampling in (("444", colour(1, 1)), ("420", colour(2, 2))):
            put(f"script-{kind}-{name}.jpg", photo(40, 33, sampling, scans=kind))
    each = [((i,), k, k, 0, 0) for i in range(3) for k in range(1, 64)]
    put("script-every-coefficient.jpg", photo(scans=[(range(3), 0, 0, 0, 0)] + each))
    every = [((i,), 0, 63, 0, 0) for i in range(3)]
    put("scans-apart.jpg", photo(sampling=colour(2, 1), scans=every))
    put("scans-two-and-one.jpg", photo(sampling=colour(2, 2), scans=[((0, 1), 0, 63, 0, 0), every[2]]))
    put("scans-of-two.jpg", photo(scans=[((0, 1), 0, 63, 0, 0)]), "leave a component out")
    first = [(range(3), 0, 0, 0, 0)]
    bands = {
        "constant": first, "half-bits": [(range(3), 0, 0, 0, 1)],
        "one-component": [((0,), 0, 0, 0, 0), ((0,), 1, 63, 0, 0)],
        "low-bands": first + [((i,), 1, 8, 0, 0) for i in range(3)],
        "upper-bits": first + [((i,), 1, 63, 0, 1) for i in range(3)],
    }
    for name, script in bands.items():
        put(f"incomplete-{name}.jpg", photo(scans=script), "leave coefficients out")
    # Programs smooth what the first ten coefficients lack, and nothing else.
    put("incomplete-high-bands.jpg", photo(scans=first + [((i,), 1, 9, 0, 0) for i in range(3)]))
    put("filled-up.jpg", photo(sampling=colour(2, 1), fill=b"\xff\xff\xff"))
    put("filled-up-progressive.jpg", photo(sampling=colour(2, 1), scans=0, fill=b"\xff\xff\xff"))
    put("sequential-extended.jpg", photo(start=0xC1))
    tail = b"behind the end " * 20
    put("tail.jpg", photo(tail=tail), tail=len(tail))
    second = photo(9, 9)
    put("tail-second-picture.jpg", photo(tail=second), tail=len(second))
    put("tail-zeros-progressive.jpg", photo(scans=0, tail=bytes(200)), tail=200)


def other_frames():
    names = {
        0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical",
        0xC9: "arithmetic", 0xCA: "arithmetic", 0xCB: "arithmetic", 0xCD: "hierarchical",
        0xCE: "hierarchical", 0xCF: "hierarchical",
    }
    for marker, name in names.items():
        put(f"frame-{marker:x}.jpg", photo(start=marker), name)
    plain = photo()
    at = plain.index(b"\xff\xc0")
    put("bits-12.jpg", plain[: at + 4] + b"\x0c" + plain[at + 5 :], "12 bits a sample")
    put("no-height.jpg", plain[: at + 5] + b"\0\0" + plain[at + 7 :], "no height")
    put("no-width.jpg", plain[: at + 7] + b"\0\0" + plain[at + 9 :], "no width")
    put("two-components.jpg", photo(sampling=((1, 1), (1, 1))), "2 components")
    codes = plain.index(b"\xff\xc4")
    data = plain.index(b"\xff\xda")
    put("no-codes.jpg", plain[:codes] + plain[data:], "without its Huffman table")
    steps = plain.index(b"\xff\xdb")
    put("no-steps.jpg", plain[:steps] + plain[at:], "without its quantisation table")


def meanings():
    heads = {
        "none": b"", "jfif": jpeg.JFIF, "adobe-0": jpeg.adobe(0), "adobe-1": jpeg.adobe(1),
        "adobe-2": jpeg.adobe(2), "adobe-7": jpeg.adobe(7), "jfif-adobe-0": jpeg.JFIF + jpeg.adobe(0),
        "jfif-adobe-2": jpeg.JFIF + jpeg.adobe(2), "short-jfif": jpeg.segment(0xE0, b"JFIF\0\1\1"),
        "short-adobe": jpeg.segment(0xEE, b"Adobe\0d"), "adobe-twice": jpeg.adobe(1) + jpeg.adobe(0),
    }
    for name, head in heads.items():
        put(f"inks-{name}.jpg", photo(sampling=((1, 1),) * 4, head=head))
        put(
            f"inks-{name}-halved.jpg",
            photo(sampling=((2, 2), (1, 1), (1, 1), (2, 2)), kind="noise", scans=0, head=head),
        )
        for letters, ids in (("123", (1, 2, 3)), ("RGB", b"RGB"), ("rgb", b"rgb")):
            put(f"names-{letters}-{name}.jpg", photo(ids=ids, head=head))
    put("grey-adobe.jpg", photo(sampling=((1, 1),), head=jpeg.adobe(0)))


def srgb_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes(12) + profile[36:]  # without the time at which it was made


def marks():
    profile = srgb_profile()
    broken = bytes(random.Random(3).randrange(256) for _ in range(200))

    def icc(number, count, data):
        return jpeg.segment(0xE2, b"ICC_PROFILE\0" + bytes([number, count]) + data)

    third = len(profile) // 3
    parts = [icc(i + 1, 3, profile[i * third :][: third if i < 2 else None]) for i in range(3)]
    heads = {
        "whole": icc(1, 1, profile), "broken": icc(1, 1, broken), "empty": icc(1, 1, b""),
        "in-parts": b"".join(parts), "out-of-order": parts[2] + parts[0] + parts[1],
        "lacking-a-part": parts[0] + parts[2], "number-0": icc(0, 0, profile[:100]),
    }
    for name, head in heads.items():
        put(f"profile-{name}.jpg", photo(sampling=colour(2, 2), head=jpeg.JFIF + head))
        put(f"profile-{name}-inks.jpg", photo(sampling=((1, 1),) * 4, head=jpeg.adobe(2) + head))
    for orientation in range(0, 10):
        put(f"exif-{orientation}.jpg", photo(head=jpeg.exif(orientation, ">" if orientation % 2 else "<")))
    thumbnail = jpeg.segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + photo(8, 8))
    put("exif-thumbnail.jpg", photo(scans=0, head=thumbnail))
    put("comment.jpg", photo(head=jpeg.segment(0xFE, b"\xff\xd8\xff\xd9\xff\xda")))


def by_pillow():
    picture = Image.new("RGB", (40, 31))
    channels = [sum(plane(40, 31, k, i), []) for i, k in enumerate(("mixed", "edges", "smooth"))]
    picture.putdata(list(zip(*channels)))
    for quality in (10, 75, 95):
        for subsampling in (0, 1, 2):
            for progressive in (False, True):
                out = io.BytesIO()
                picture.save(
                    out, "JPEG", quality=quality, subsampling=subsampling, progressive=progressive, optimize=progressive
                )
                put(f"pillow-{quality}-{subsampling}-{progressive}.jpg", out.getvalue())
        for mode in ("L", "CMYK"):
            out = io.BytesIO()
            picture.convert(mode).save(out, "JPEG", quality=quality)
            put(f"pillow-{quality}-{mode}.jpg", out.getvalue())
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        out = io.BytesIO()
        picture.convert(mode).save(out, "PNG", optimize=True)
        put(f"pillow-{mode}.png", out.getvalue())


def pixels(kind, bits, width=13, height=11, seed=1, top=None):
    count = png.CHANNELS[kind]
    top = (1 << bits) - 1 if top is None else top
    planes = [plane(width, height, "mixed", seed + c, top) for c in range(count)]
    return [[[p[y][x] for p in planes] for x in range(width)] for y in range(height)]


def colours(count):
    return bytes(random.Random(count).randrange(256) for _ in range(3 * count))


def pngs():
    for kind, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        for bits in depths:
            refused = "grey picture of 16 bits" if (kind, bits) == (0, 16) else None
            palette = colours(1 << bits) if kind == 3 else b""
            for interlaced in (False, True):
                for width, height in ((13, 11), (1, 1), (3, 5), (9, 2)):
                    if interlaced and width == 9:
                        continue
                    put(
                        f"kind-{kind}-{bits}-{width}x{height}{'-interlaced' if interlaced else ''}.png",
                        png.file(
                            width, height, kind, bits, pixels(kind, bits, width, height), palette, interlaced=interlaced
                        ),
                        refused,
                    )
    for filters in range(5):
        for kind, bits in ((0, 1), (2, 8), (2, 16), (6, 16)):
            put(f"filter-{filters}-{kind}-{bits}.png", png.file(13, 11, kind, bits, pixels(kind, bits), filters=filters))
    for kind, bits, alpha in (
        (0, 1, b"\0\1"), (0, 8, b"\0\x70"), (2, 8, b"\0\1\0\2\0\3"), (2, 16, b"\1\2\3\4\5\6"),
        (3, 8, bytes(range(0, 250, 10))), (3, 2, b"\0\x80"), (3, 4, bytes(16)), (3, 8, b"\xff\0"),
    ):
        palette = colours(1 << bits) if kind == 3 else b""
        name = f"transparency-{kind}-{bits}-{len(alpha)}.png"
        put(name, png.file(13, 11, kind, bits, pixels(kind, bits), palette, between=png.chunk(b"tRNS", alpha)))
    for bits, count in ((1, 1), (2, 3), (4, 5), (8, 1), (8, 100)):
        put(f"palette-short-{bits}-{count}.png", png.file(13, 11, 3, bits, pixels(3, bits), colours(count)))
    put("palette-suggested.png", png.file(13, 11, 2, 8, pixels(2, 8), colours(20)))
    put("palette-none.png", png.file(13, 11, 3, 8, pixels(3, 8)), "without its palette")
    put("palette-behind.png", png.file(13, 11, 3, 8, pixels(3, 8), after=png.chunk(b"PLTE", colours(9))), "without its palette")
    put("palette-odd.png", png.file(13, 11, 3, 8, pixels(3, 8), colours(4)[:10]), "palette makes no sense")
    profile = srgb_profile()
    sides = {
        "gamma": png.chunk(b"gAMA", struct.pack(">I", 100000)), "srgb": png.chunk(b"sRGB", b"\0"),
        "profile": png.chunk(b"iCCP", b"a\0\0" + zlib.compress(profile)),
        "profile-broken": png.chunk(b"iCCP", b"a\0\0" + zlib.compress(b"no profile")),
        "white-point": png.chunk(b"cHRM", struct.pack(">8I", *range(30000, 38000, 1000))),
        "significant": png.chunk(b"sBIT", b"\5\6\5"), "text": png.chunk(b"tEXt", b"a\0b"),
        "background": png.chunk(b"bKGD", b"\0\1\0\2\0\3"), "time": png.chunk(b"tIME", bytes(7)),
        "exif": png.chunk(b"eXIf", jpeg.exif(6)[10:]), "size": png.chunk(b"pHYs", struct.pack(">IIB", 1, 2, 0)),
    }
    for name, side in sides.items():
        put(f"side-{name}.png", png.file(13, 11, 2, 8, pixels(2, 8), before=side))
        if name in ("gamma", "srgb", "profile"):
            put(f"side-{name}-grey.png", png.file(13, 11, 0, 8, pixels(0, 8), before=side))
    for parts in (2, 7, 1000):
        put(f"parts-{parts}.png", png.file(13, 11, 2, 8, pixels(2, 8), parts=parts))
    for level in (0, 1, 9):
        put(f"level-{level}.png", png.file(13, 11, 2, 8, pixels(2, 8), level=level))
    put("tail.png", png.file(13, 11, 2, 8, pixels(2, 8), tail=bytes(300)), tail=300)
    control = png.chunk(b"acTL", struct.pack(">II", 2, 0))
    frame = [png.chunk(b"fcTL", struct.pack(">5I2H2B", n, 13, 11, 0, 0, 1, 1, 0, 1)) for n in (0, 1)]
    second = png.chunk(b"fdAT", struct.pack(">I", 2) + zlib.compress(bytes(11 * 53)))
    put(
        "animated.png",
        png.file(13, 11, 6, 8, pixels(6, 8), before=control + frame[0], after=frame[1] + second),
    )


def main():
    for make in (samplings, qualities, scans, other_frames, meanings, marks, by_pillow, pngs):
        make()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "pictures")
    os.makedirs(folder, exist_ok=True)
    lines = []
    with zipfile.ZipFile(os.path.join(folder, "pictures.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(FILES):
            data = FILES[name]
            out.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
            whole = len(data) - TAILS[name]
            if name in REFUSED:
                lines.append(f"{name}\t{whole}\trefused\t{REFUSED[name]}")
                continue
            image = Image.open(io.BytesIO(data)).convert("RGB")
            digest = hashlib.sha256(image.tobytes()).hexdigest()
            lines.append(f"{name}\t{whole}\t{image.width}x{image.height}\t{digest}")
    with open(os.path.join(folder, "pictures.tsv"), "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")
    print(len(lines), "files,", len(REFUSED), "to be refused")


if __name__ == "__main__":
    main()
