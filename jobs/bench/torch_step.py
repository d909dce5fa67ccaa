"""One adversarial training step in PyTorch, for timing side by side with this project's own step.

Network and order of work as in Tsai et al. (CVPR 2018): dilated ResNet with two classification heads
(output stride 8), one five-layer fully convolutional discriminator per head, batch of one source and
one target image, all parameters in float32, batch statistics in every batch-norm, its affine part frozen.

  python3 torch_step.py --width 512 --height 256 --layers 3,4,23,3 --iterations 5 [--channels-last]
  python3 torch_step.py --forward: the generator alone, evaluation mode, no gradients
  python3 torch_step.py --bf16: the networks under autocast(bfloat16), losses in float32

Prints one line per iteration (seconds) and, last, a JSON object with the median and the peak memory.
"""
import argparse, contextlib, json, resource, statistics, time

import torch
from torch import nn
import torch.nn.functional as F


def frozen_bn(channels):
    bn = nn.BatchNorm2d(channels)
    bn.weight.requires_grad_(False)
    bn.bias.requires_grad_(False)
    return bn


class Residual(nn.Module):
    def __init__(self, cin, planes, stride, dilation, project):
        super().__init__()
        cout = 4 * planes
        self.reduce = nn.Conv2d(cin, planes, 1, stride, bias=False)
        self.spatial = nn.Conv2d(planes, planes, 3, 1, dilation, dilation, bias=False)
        self.expand = nn.Conv2d(planes, cout, 1, bias=False)
        self.n1, self.n2, self.n3 = frozen_bn(planes), frozen_bn(planes), frozen_bn(cout)
        self.project = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), frozen_bn(cout)) if project else None

    def forward(self, x):
        y = F.relu_(self.n1(self.reduce(x)))
        y = F.relu_(self.n2(self.spatial(y)))
        y = self.n3(self.expand(y))
        y += x if self.project is None else self.project(x)
        return F.relu_(y)


class Heads(nn.Module):
    def __init__(self, cin, classes, rates):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(cin, classes, 3, 1, r, r) for r in rates)

    def forward(self, x):
        y = self.convs[0](x)
        for c in self.convs[1:]:
            y = y + c(x)
        return y


class Segmenter(nn.Module):
    def __init__(self, layers, width, classes, rates):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.stem_norm = frozen_bn(width)
        stages, cin = [], width
        for planes, blocks, stride, dilation in zip((1, 2, 4, 8), layers, (1, 2, 1, 1), (1, 1, 2, 4)):
            p = planes * width
            stages.append(nn.Sequential(*[Residual(cin if i == 0 else 4 * p, p, stride if i == 0 else 1, dilation, i == 0)
                                          for i in range(blocks)]))
            cin = 4 * p
        self.stages = nn.ModuleList(stages)
        self.aux = Heads(16 * width, classes, rates)
        self.main = Heads(32 * width, classes, rates)

    def forward(self, x):
        x = F.max_pool2d(F.relu_(self.stem_norm(self.stem(x))), 3, 2, 1, ceil_mode=True)
        x = self.stages[2](self.stages[1](self.stages[0](x)))
        return self.aux(x), self.main(self.stages[3](x))


def discriminator(classes, width=64):
    chans, mods = [classes, width, 2 * width, 4 * width, 8 * width], []
    for a, b in zip(chans, chans[1:]):
        mods += [nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*mods, nn.Conv2d(chans[-1], 1, 4, 2, 1))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--width", type=int, default=512)
    p.add_argument("--height", type=int, default=256)
    p.add_argument("--layers", default="3,4,23,3")
    p.add_argument("--base-width", type=int, default=64)
    p.add_argument("--classes", type=int, default=19)
    p.add_argument("--iterations", type=int, default=5)
    p.add_argument("--threads", type=int, default=0)
    p.add_argument("--channels-last", action="store_true")
    p.add_argument("--forward", action="store_true")
    p.add_argument("--bf16", action="store_true")
    p.add_argument("--cuda", action="store_true")
    a = p.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    g = Segmenter([int(v) for v in a.layers.split(",")], a.base_width, a.classes, (6, 12))
    ds = [discriminator(a.classes, a.base_width), discriminator(a.classes, a.base_width)]
    size = (a.height, a.width)
    source, target = torch.randn(1, 3, *size) * 50, torch.randn(1, 3, *size) * 50
    truth = torch.randint(0, a.classes, (1, *size))
    if a.channels_last:
        for m in [g] + ds:
            m.to(memory_format=torch.channels_last)
        source, target = (t.contiguous(memory_format=torch.channels_last) for t in (source, target))
    if a.cuda:
        for m in [g] + ds:
            m.cuda()
        source, target, truth = source.cuda(), target.cuda(), truth.cuda()
    wait = torch.cuda.synchronize if a.cuda else lambda: None
    heads = list(g.aux.parameters()) + list(g.main.parameters())
    ids = {id(q) for q in heads}
    backbone = [q for q in g.parameters() if q.requires_grad and id(q) not in ids]
    og = torch.optim.SGD([{"params": backbone}, {"params": heads, "lr": 2.5e-3}], lr=2.5e-4, momentum=0.9, weight_decay=5e-4)
    od = [torch.optim.Adam(d.parameters(), lr=1e-4, betas=(0.9, 0.99)) for d in ds]
    up = lambda t: F.interpolate(t, size=size, mode="bilinear", align_corners=True)
    adv = lambda o, label: F.binary_cross_entropy_with_logits(o, torch.full_like(o, label))
    cast = (lambda: torch.autocast("cuda" if a.cuda else "cpu", dtype=torch.bfloat16)) if a.bf16 else contextlib.nullcontext

    def logits(image):
        with cast():
            return [t.float() for t in g(image)]

    def judge(d, label_map):
        with cast():
            return d(label_map).float()

    times = []
    for i in range(a.iterations if a.forward else 0):
        t0 = time.perf_counter()
        with torch.no_grad(), cast():
            g.eval()(source)
        wait()
        times.append(time.perf_counter() - t0)
    for i in range(0 if a.forward else a.iterations):
        t0 = time.perf_counter()
        og.zero_grad()
        for o in od:
            o.zero_grad()
        for d in ds:
            d.requires_grad_(False)
        ps = [up(t) for t in logits(source)]
        (F.cross_entropy(ps[1], truth, ignore_index=255) + 0.1 * F.cross_entropy(ps[0], truth, ignore_index=255)).backward()
        pt = [up(t) for t in logits(target)]
        (0.0002 * adv(judge(ds[0], F.softmax(pt[0], 1)), 0.0)
         + 0.001 * adv(judge(ds[1], F.softmax(pt[1], 1)), 0.0)).backward()
        for d in ds:
            d.requires_grad_(True)
        for preds, label in ((ps, 0.0), (pt, 1.0)):
            for d, q in zip(ds, preds):
                (adv(judge(d, F.softmax(q.detach(), 1)), label) / 2).backward()
        og.step()
        for o in od:
            o.step()
        wait()
        times.append(time.perf_counter() - t0)
        print("iteration %d %.3f s" % (i, times[-1]), flush=True)
    device_mb = torch.cuda.max_memory_allocated() >> 20 if a.cuda else 0
    print(json.dumps({"device_mb": device_mb, "torch": torch.__version__, "threads": torch.get_num_threads(), "width": a.width, "height": a.height,
                      "layers": a.layers, "median_s": statistics.median(times[1:] or times), "min_s": min(times),
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
