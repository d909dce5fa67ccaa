"""Writes JPEG files of every kind, from samples or from coefficients (ITU-T T.81)."""

import heapq
import math
import struct

ZIGZAG = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]
COSINES = [
    [(math.sqrt(0.125) if u == 0 else 0.5) * math.cos((2 * x + 1) * u * math.pi / 16) for x in range(8)]
    for u in range(8)
]


def segment(marker, data=b""):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def adobe(transform):
    return segment(0xEE, b"Adobe\0\144\0\0\0\0" + bytes([transform]))


def exif(orientation, order=">"):
    tiff = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    tiff += struct.pack(order + "HHHIHHI", 1, 0x112, 3, 1, orientation, 0, 0)
    return segment(0xE1, b"Exif\0\0" + tiff)


def steps(quality):
    """A quantisation table in zigzag order; coarser for high frequencies."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    table = []
    for place in ZIGZAG:
        v, h = divmod(place, 8)
        table.append(max(1, min(255, ((16 + 6 * (v + h)) * scale + 50) // 100)))
    return table


def ceil(a, b):
    return -(-a // b)


class Component:
    """A component with the coefficients of all its blocks."""

    def __init__(self, name, h, v, table):
        self.name, self.h, self.v, self.table = name, h, v, table

    def lay_out(self, width, height, most_h, most_v):
        self.width = ceil(width * self.h, most_h)
        self.height = ceil(height * self.v, most_v)
        self.across, self.down = ceil(self.width, 8), ceil(self.height, 8)
        self.padded_across = ceil(width, 8 * most_h) * self.h
        self.padded_down = ceil(height, 8 * most_v) * self.v

    def transform(self, plane, quant):
        """Sets coefficients; plane[y][x] has the picture's full size."""
        full_h, full_w = len(plane), len(plane[0])
        self.blocks = []
        for by in range(self.padded_down):
            row = []
            for bx in range(self.padded_across):
                square = [
                    [
                        self.sample(plane, full_w, full_h, 8 * bx + x, 8 * by + y) - 128
                        for x in range(8)
                    ]
                    for y in range(8)
                ]
                row.append(coefficients(square, quant))
            self.blocks.append(row)

    def sample(self, plane, full_w, full_h, x, y):
        x, y = min(x, self.width - 1), min(y, self.height - 1)
        sx, sy = full_w / self.width, full_h / self.height
        return plane[min(full_h - 1, int(y * sy))][min(full_w - 1, int(x * sx))]


def coefficients(square, quant):
    rows = [[sum(r[x] * COSINES[u][x] for x in range(8)) for u in range(8)] for r in square]
    both = [
        sum(rows[y][u] * COSINES[v][y] for y in range(8)) for v in range(8) for u in range(8)
    ]
    return [int(round(both[ZIGZAG[k]] / quant[k])) for k in range(64)]


def huffman(frequencies):
    """Lengths' counts and symbols of a code of at most 16 bits without the code of all ones."""
    heap = [(f, s, (s,)) for s, f in sorted(frequencies.items())] + [(0, 256, (256,))]
    if len(heap) == 1:
        heap.append((0, 0, (0,)))
    heapq.heapify(heap)
    lengths = dict.fromkeys([s for _, s, _ in heap], 0)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        for s in a[2] + b[2]:
            lengths[s] += 1
        heapq.heappush(heap, (a[0] + b[0], min(a[1], b[1]), a[2] + b[2]))
    bits = [0] * 64
    for length in lengths.values():
        bits[length] += 1
    for i in range(63, 16, -1):
        while bits[i] > 0:
            j = i - 2
            while bits[j] == 0:
                j -= 1
            bits[i] -= 2
            bits[i - 1] += 1
            bits[j + 1] += 2
            bits[j] -= 1
    longest = max(i for i in range(17) if bits[i])
    bits[longest] -= 1
    del lengths[256]
    symbols = sorted(lengths, key=lambda s: (lengths[s], s))
    return bits[1:17], symbols


class Writer:
    """Gathers symbols and bits of a scan, so that its code can be made of what occurs."""

    def __init__(self):
        self.items = []  # ("s", table, symbol), ("b", value, count), ("r",)

    def symbol(self, table, symbol):
        self.items.append(("s", table, symbol))

    def bits(self, value, count):
        if count:
            self.items.append(("b", value, count))

    def restart(self):
        self.items.append(("r",))

    def tables(self):
        frequencies = {}
        for item in self.items:
            if item[0] == "s":
                of = frequencies.setdefault(item[1], {})
                of[item[2]] = of.get(item[2], 0) + 1
        return {table: huffman(of) for table, of in frequencies.items()}

    def data(self, tables):
        codes = {}
        for table, (counts, symbols) in tables.items():
            code, at = 0, 0
            for length in range(1, 17):
                for _ in range(counts[length - 1]):
                    codes[table, symbols[at]] = (code, length)
                    code, at = code + 1, at + 1
                code <<= 1
        out, value, count, restarts = bytearray(), 0, 0, 0

        def flush(value, count):
            while count >= 8:
                byte = value >> count - 8 & 255
                out.append(byte)
                if byte == 255:
                    out.append(0)
                count -= 8
            return value & (1 << count) - 1, count

        def pad(value, count):
            if count:
                flush(value << 8 - count | (1 << 8 - count) - 1, 8)

        for item in self.items:
            if item[0] == "r":
                pad(value, count)
                value, count = 0, 0
                out += bytes([255, 0xD0 + restarts % 8])
                restarts += 1
                continue
            bits, length = codes[item[1], item[2]] if item[0] == "s" else item[1:]
            value, count = flush(value << length | bits, count + length)
        pad(value, count)
        return bytes(out)


def size_of(value):
    return abs(value).bit_length()


def value_bits(writer, value):
    size = size_of(value)
    writer.bits(value if value >= 0 else value + (1 << size) - 1, size)


class ScanWriter:
    def __init__(self, parts, progressive, ss, se, ah, al):
        self.parts, self.progressive = parts, progressive
        self.ss, self.se, self.ah, self.al = ss, se, ah, al
        self.out = Writer()
        self.last = [0] * len(parts)
        self.run, self.corrections = 0, []

    def write(self, across, down, restart):
        units = []
        if len(self.parts) == 1:
            c = self.parts[0]
            units = [[(0, y, x)] for y in range(c.down) for x in range(c.across)]
        else:
            for y in range(down):
                for x in range(across):
                    units.append([
                        (i, y * c.v + v, x * c.h + h)
                        for i, c in enumerate(self.parts)
                        for v in range(c.v)
                        for h in range(c.h)
                    ])
        for number, unit in enumerate(units):
            if restart and number and number % restart == 0:
                self.flush_run()
                self.out.restart()
                self.last = [0] * len(self.parts)
            for i, y, x in unit:
                self.block(i, self.parts[i].blocks[y][x])
        self.flush_run()
        return self.out

    def block(self, i, block):
        if not self.progressive:
            self.constant(i, block[0])
            self.sequential(i, block)
        elif self.ss == 0:
            if self.ah:
                self.out.bits(block[0] >> self.al & 1, 1)
            else:
                self.constant(i, block[0] >> self.al)
        elif self.ah:
            self.refine(block)
        else:
            self.first(block)

    def constant(self, i, value):
        difference, self.last[i] = value - self.last[i], value
        self.out.symbol((0, min(i, 1)), size_of(difference))
        value_bits(self.out, difference)

    def sequential(self, i, block):
        run, table = 0, (1, min(i, 1))
        for k in range(1, 64):
            if block[k] == 0:
                run += 1
                continue
            while run > 15:
                self.out.symbol(table, 0xF0)
                run -= 16
            self.out.symbol(table, run << 4 | size_of(block[k]))
            value_bits(self.out, block[k])
            run = 0
        if run:
            self.out.symbol(table, 0)

    def shifted(self, value):
        return value >> self.al if value >= 0 else -(-value >> self.al)

    def first(self, block):
        run = 0
        for k in range(self.ss, self.se + 1):
            value = self.shifted(block[k])
            if value == 0:
                run += 1
                continue
            self.flush_run()
            while run > 15:
                self.out.symbol((1, 0), 0xF0)
                run -= 16
            self.out.symbol((1, 0), run << 4 | size_of(value))
            value_bits(self.out, value)
            run = 0
        if run:
            self.run += 1
            if self.run == 0x7FFF:
                self.flush_run()

    def flush_run(self):
        if self.run:
            size = self.run.bit_length() - 1
            self.out.symbol((1, 0), size << 4)
            self.out.bits(self.run & (1 << size) - 1, size)
            self.run = 0
        for bit in self.corrections:
            self.out.bits(bit, 1)
        self.corrections = []

    def refine(self, block):
        values = [self.shifted(v) for v in block]
        end = max([k for k in range(self.ss, self.se + 1) if abs(values[k]) == 1], default=-1)
        run, bits = 0, []
        for k in range(self.ss, self.se + 1):
            value = values[k]
            if value == 0:
                run += 1
                continue
            while run > 15 and k <= end:
                self.flush_run()
                self.out.symbol((1, 0), 0xF0)
                run -= 16
                for bit in bits:
                    self.out.bits(bit, 1)
                bits = []
            if abs(value) > 1:
                bits.append(abs(value) & 1)
                continue
            self.flush_run()
            self.out.symbol((1, 0), run << 4 | 1)
            self.out.bits(1 if value > 0 else 0, 1)
            for bit in bits:
                self.out.bits(bit, 1)
            bits, run = [], 0
        if run or bits:
            self.run += 1
            self.corrections += bits
            if self.run == 0x7FFF or len(self.corrections) > 900:
                self.flush_run()


def file(
    width, height, components, tables, scans=None, restart=0, head=JFIF, start=None, deep=(), fill=b"",
    tail=b"",
):
    """A whole file; scans are (components, ss, se, ah, al), none for one sequential scan."""
    progressive = scans is not None and any(s[1:] != (0, 63, 0, 0) for s in scans)
    scans = scans or [(range(len(components)), 0, 63, 0, 0)]
    out = bytearray(b"\xff\xd8" + head)
    for number, table in tables.items():
        wide = number in deep
        data = struct.pack(">64H", *table) if wide else bytes(table)
        out += segment(0xDB, bytes([number | (16 if wide else 0)]) + data)
    frame = struct.pack(">BHHB", 8, height, width, len(components))
    for c in components:
        frame += bytes([c.name, c.h << 4 | c.v, c.table])
    out += segment(start or (0xC2 if progressive else 0xC0), frame)
    if restart:
        out += segment(0xDD, struct.pack(">H", restart))
    most_h, most_v = max(c.h for c in components), max(c.v for c in components)
    for parts, ss, se, ah, al in scans:
        chosen = [components[i] for i in parts]
        writer = ScanWriter(chosen, progressive, ss, se, ah, al)
        gathered = writer.write(ceil(width, 8 * most_h), ceil(height, 8 * most_v), restart)
        codes = gathered.tables()
        for (kind, number), (counts, symbols) in sorted(codes.items()):
            out += segment(0xC4, bytes([kind << 4 | number]) + bytes(counts) + bytes(symbols))
        header = bytes([len(chosen)])
        for i, c in enumerate(chosen):
            header += bytes([c.name, 17 * min(i, 1) if not progressive or ss == 0 else 0])
        out += fill + segment(0xDA, header + bytes([ss, se, ah << 4 | al]))
        out += gathered.data(codes)
    return bytes(out + fill + b"\xff\xd9" + tail)


def progressive_scans(count, kind=0):
    """Scripts of scans: with refinements, without, and with many bands."""
    if kind == 1:
        return [(range(count), 0, 0, 0, 0)] + [((i,), 1, 63, 0, 0) for i in range(count)]
    if kind == 2:
        scans = [((i,), 0, 0, 0, 0) for i in range(count)]
        return scans + [
            ((i,), a, b, 0, 0) for i in range(count) for a, b in ((1, 2), (3, 9), (10, 40), (41, 63))
        ]
    scans = [(range(count), 0, 0, 0, 1)]
    scans += [((i,), 1, 5, 0, 2) for i in range(count)]
    scans += [((i,), 6, 63, 0, 2) for i in range(count)]
    scans += [((i,), 1, 63, 2, 1) for i in range(count)]
    scans += [(range(count), 0, 0, 1, 0)]
    scans += [((i,), 1, 63, 1, 0) for i in range(count)]
    return scans
