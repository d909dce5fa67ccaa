"""Upsample logits, take the arg-max and count the confusion matrix: the peer of `bench evaluate`.

  python3 torch_evaluate.py --iterations 20
"""
import argparse
import json
import os
import statistics
import time

import numpy as np
import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=2048)
parser.add_argument("--height", type=int, default=1024)
parser.add_argument("--map-width", type=int, default=129)
parser.add_argument("--map-height", type=int, default=65)
parser.add_argument("--classes", type=int, default=19)
parser.add_argument("--iterations", type=int, default=20)
options = parser.parse_args()
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))

generator = np.random.default_rng(1)
n = options.classes
logits = torch.from_numpy(
    generator.standard_normal((1, n, options.map_height, options.map_width), dtype=np.float32)
)
truth = generator.integers(0, n + 1, (options.height, options.width)).astype(np.uint8)
truth[truth == n] = 255
total = np.zeros((n, n), dtype=np.int64)
seconds = []
with torch.no_grad():
    for i in range(options.iterations):
        begin = time.perf_counter()
        scores = F.interpolate(
            logits, size=(options.height, options.width), mode="bilinear", align_corners=True
        )
        predicted = scores.argmax(1)[0].numpy()
        valid = truth < n
        index = n * truth[valid].astype(np.int64) + predicted[valid]
        total += np.bincount(index, minlength=n * n).reshape(n, n)
        seconds.append(time.perf_counter() - begin)
counted = seconds[1:] or seconds
print(json.dumps({"median_s": statistics.median(counted), "min_s": min(seconds)}))
