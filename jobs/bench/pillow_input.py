"""Decode, resize and map labels with Pillow and NumPy, one thread: the peer of `bench input`.

  python3 pillow_input.py --images 'DIR/images/*.png' --labels 'DIR/labels/*.png' --width 1280 --height 720
"""
import argparse
import glob
import json
import time

import numpy as np
from PIL import Image

parser = argparse.ArgumentParser()
parser.add_argument("--images", required=True)
parser.add_argument("--labels", required=True)
parser.add_argument("--width", type=int, default=1280)
parser.add_argument("--height", type=int, default=720)
parser.add_argument("--samples", type=int, default=100)
parser.add_argument("--warm-up", type=int, default=20)
options = parser.parse_args()

images = sorted(glob.glob(options.images, recursive=True))
labels = sorted(glob.glob(options.labels, recursive=True))
assert images and len(images) == len(labels), (len(images), len(labels))
size = (options.width, options.height)
mean = np.array((104.00698793, 116.66876762, 122.67891434), dtype=np.float32)
train_ids = np.full(256, 255, dtype=np.uint8)
for train_id, label_id in enumerate(
    (7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33)
):
    train_ids[label_id] = train_id


def read(i):
    image = Image.open(images[i % len(images)]).convert("RGB").resize(size, Image.BICUBIC)
    label = Image.open(labels[i % len(labels)]).resize(size, Image.NEAREST)
    pixels = np.asarray(image, dtype=np.float32)[:, :, ::-1] - mean
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)), train_ids[np.asarray(label, np.uint8)]


for i in range(options.warm_up):
    read(i)
begin = time.perf_counter()
for i in range(options.samples):
    read(options.warm_up + i)
seconds = time.perf_counter() - begin
print(json.dumps({"samples": options.samples, "samples_per_s": options.samples / seconds}))
