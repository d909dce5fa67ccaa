"""Runs benchmarks and peers in turn (A B A B) and writes docs/benchmarks.md; see jobs/bench.sh."""
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile

import s3_server

ROOT = os.environ["ADAPTSEG_ROOT"]
THREADS = os.environ.get("BENCH_THREADS", "2")
TORCH = os.environ.get("TORCH_PYTHON", "python3")
PILLOW = os.environ.get("PILLOW_PYTHON", "/usr/bin/python3")
HERE = os.path.join(ROOT, "jobs", "bench")
TURNS = int(os.environ.get("BENCH_TURNS", "2"))
RESNET_101 = 44_000_000
# Our scripts set it so that native arrays go back to the system; it would make the peers several times slower.
os.environ.pop("MALLOC_MMAP_THRESHOLD_", None)
# Parts are measured one by one, so that a part can be repeated without the others.
ROWS = os.path.join(ROOT, "target", "benchmarks.json")


def last_json(command, **environment):
    """The JSON object that a command prints last, or None with its complaint on standard error."""
    full = dict(os.environ, OMP_NUM_THREADS=THREADS)
    full.update(environment)
    done = subprocess.run(command, env=full, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        print("failed: %s\n%s" % (" ".join(command[-8:]), done.stderr[-2000:]), file=sys.stderr)
        return None
    print(lines[-1], file=sys.stderr, flush=True)
    return json.loads(lines[-1])


def program(*arguments, heap="512m", class_path=None, **environment):
    command = [os.environ["ADAPTSEG_JAVA"], "@" + os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"], "-Xmx" + heap]
    # JavaCPP would end a process of more than four times its heap; a step's memory is beside the heap.
    command += ["-Dorg.bytedeco.javacpp.maxphysicalbytes=0"]
    command += ["-cp", class_path or os.environ["ADAPTSEG_PROGRAM"], "org.adaptseg.cli.Main"]
    environment.setdefault("MALLOC_MMAP_THRESHOLD_", "1048576")
    return last_json(command + list(arguments), **environment)


def in_turn(ours, peer, turns=TURNS):
    """Both sides some times, one after the other; the results that came."""
    a, b = [], []
    for _ in range(turns):
        a.append(ours())
        b.append(peer())
    return [r for r in a if r], [r for r in b if r]


def best(results, key, pick=min):
    return pick(r[key] for r in results) if results else None


def row(what, ours, peer, unit, goal, higher=False, *, peer_name):
    text = lambda v: "failed or missing" if v is None else ("%.0f %s" if v >= 1000 else "%.3g %s") % (v, unit)
    ratio = None if ours is None or not peer else ours / peer
    met = "" if ratio is None else ("yes" if (ratio >= goal if higher else ratio <= goal) else "no")
    return (what, text(ours), "%s: %s" % (peer_name, text(peer)), "-" if ratio is None else "%.2f" % ratio,
            ("≥ " if higher else "≤ ") + str(goal), met)


def torch_name(results, what):
    """PyTorch with the version that ran."""
    versions = sorted({r["torch"] for r in results})
    return "PyTorch %s, %s" % (" and ".join(versions) or "(not run)", what)


def step():
    rows = []
    for width, height in ((512, 256), (1024, 512)):
        size = ["--width", str(width), "--height", str(height), "--iterations", "4"]
        ours, peer = in_turn(
            lambda: program("bench", "step", *size),
            lambda: last_json([TORCH, os.path.join(HERE, "torch_step.py"), "--channels-last", *size]))
        name = "adversarial iteration, ResNet-101, %dx%d" % (width, height)
        torch = torch_name(peer, "channels-last")
        rows.append(row(name, best(ours, "min_s"), best(peer, "min_s"), "s", 0.75, peer_name=torch))
        rows.append(row("peak memory of it", best(ours, "peak_mb"), best(peer, "peak_mb"), "MB", 1.0, peer_name=torch))
    return rows


def bfloat16():
    """Needs a processor with avx512_bf16 or AMX."""
    rows = []
    precision = ["--precision", "bfloat16"]
    torch = [TORCH, os.path.join(HERE, "torch_step.py"), "--channels-last", "--bf16"]
    for width, height in ((512, 256), (1024, 512)):
        size = ["--width", str(width), "--height", str(height), "--iterations", "4"]
        ours, peer = in_turn(
            lambda: program("bench", "step", *precision, *size), lambda: last_json(torch + size))
        own, _ = in_turn(lambda: program("bench", "step", *size), lambda: None)
        name = "adversarial iteration in bfloat16, ResNet-101, %dx%d" % (width, height)
        autocast = torch_name(peer, "autocast(bfloat16), channels-last")
        rows.append(row(name, best(ours, "min_s"), best(peer, "min_s"), "s", 0.75, peer_name=autocast))
        rows.append(row("peak memory of it", best(ours, "peak_mb"), best(peer, "peak_mb"), "MB", 0.85,
                        peer_name=autocast))
        rows.append(row(name, best(ours, "min_s"), best(own, "min_s"), "s", 0.75,
                        peer_name="this project in float32"))
    size = ["--width", "1024", "--height", "512", "--iterations", "6"]
    ours, peer = in_turn(
        lambda: program("bench", "forward", *precision, *size), lambda: last_json(torch + ["--forward"] + size))
    rows.append(row("forward at evaluation in bfloat16, 1024x512", best(ours, "min_s"), best(peer, "min_s"), "s", 0.6,
                    peer_name=torch_name(peer, "autocast(bfloat16), channels-last")))
    return rows


def batch():
    """An iteration on two images against two iterations on one."""
    rows = []
    for precision in ("float32", "bfloat16"):
        size = ["--width", "512", "--height", "256", "--iterations", "6", "--precision", precision]
        two, one = in_turn(
            lambda: program("bench", "step", *size, "--batch-size", "2"), lambda: program("bench", "step", *size))
        single = best(one, "min_s")
        rows.append(row("adversarial iteration on a batch of 2 in %s, ResNet-101, 512x256" % precision,
                        best(two, "min_s"), single and 2 * single, "s", 0.95, peer_name="two on a batch of 1"))
    return rows


def forward():
    size = ["--width", "1024", "--height", "512", "--iterations", "6"]
    ours, peer = in_turn(
        lambda: program("bench", "forward", *size),
        lambda: last_json([TORCH, os.path.join(HERE, "torch_step.py"), "--channels-last", "--forward", *size]))
    return [row("forward at evaluation, 1024x512", best(ours, "min_s"), best(peer, "min_s"), "s", 0.75,
                peer_name=torch_name(peer, "channels-last"))]


def evaluate():
    ours, peer = in_turn(
        lambda: program("bench", "evaluate"),
        lambda: last_json([TORCH, os.path.join(HERE, "torch_evaluate.py")]))
    return [row("upsample, arg-max, count, 2048x1024", best(ours, "median_s"), best(peer, "median_s"), "s", 0.5,
                peer_name="PyTorch and NumPy")]


def split_rate():
    """A split read ahead against the same images one after the other, in one process, in turn."""
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        command = [os.environ["ADAPTSEG_JAVA"], "@" + os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"],
                   "-cp", os.environ["ADAPTSEG_PROGRAM"], "org.adaptseg.cli.Main", "synthesize",
                   "--output", directory, "--width", "2048", "--height", "1024",
                   "--source", "1", "--train", "10", "--val", "1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        root = os.path.join(directory, "cityscapes")
        # `synthesize` filters no row; files of real datasets were written by encoders that do.
        if subprocess.run([PILLOW, os.path.join(HERE, "pillow_encode.py"), root]).returncode != 0:
            return rows
        for name, size in (("the demo's network, 512x256", ["--layers", "1,1,1,1", "--base-width", "16",
                                                            "--width", "512", "--height", "256"]),
                           ("ResNet-101, 512x256", ["--width", "512", "--height", "256"]),
                           ("ResNet-101, 1024x512", ["--width", "1024", "--height", "512"]),
                           ("ResNet-101 in the machine's best precision, 1024x512",
                            ["--width", "1024", "--height", "512", "--precision", "auto"])):
            runs = [r for r in [program("bench", "split", "--root", root, *size, "--iterations", "4",
                                             heap="2g")] if r]
            rows.append(row("an image of a split evaluated, 2048x1024 labels, " + name, best(runs, "after_s"),
                            best(runs, "before_s"), "s", 0.77,
                            peer_name="this project, one image after the other"))
    return rows


def input_rate():
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        for width, height, dataset, split, images, labels, to in (
                (1914, 1052, "gta5", "all", "images/*.png", "labels/*.png", (1280, 720)),
                (2048, 1024, "cityscapes", "train", "leftImg8bit/train/*/*.png", "gtFine/train/*/*_labelIds.png",
                 (1024, 512))):
            out = os.path.join(directory, "%dx%d" % (width, height))
            program_lines = [os.environ["ADAPTSEG_JAVA"], "@" + os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"],
                             "-cp", os.environ["ADAPTSEG_PROGRAM"], "org.adaptseg.cli.Main", "synthesize",
                             "--output", out, "--width", str(width), "--height", str(height),
                             "--source", "10", "--train", "10", "--val", "1"]
            subprocess.run(program_lines, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            root = os.path.join(out, dataset)
            # `synthesize` filters no row; files of real datasets were written by encoders that do.
            encoded = subprocess.run([PILLOW, os.path.join(HERE, "pillow_encode.py"), root]).returncode == 0
            size = ["--width", str(to[0]), "--height", str(to[1]), "--samples", "60"]
            ours, peer = in_turn(
                lambda: encoded and program("bench", "input", "--dataset", dataset, "--root", root,
                                            "--split", split, *size, heap="1g"),
                lambda: last_json([PILLOW, os.path.join(HERE, "pillow_input.py"),
                                   "--images", os.path.join(root, images),
                                   "--labels", os.path.join(root, labels), *size]))
            rows.append(row("decode, resize, label map, %dx%d PNG as Pillow writes it, one thread" % (width, height),
                            best(ours, "samples_per_s", max), best(peer, "samples_per_s", max), "samples/s", 1.5,
                            higher=True, peer_name="Pillow"))
    return rows


def s3_rate():
    """Samples of GTA5's size from S3, and the very same files read from the local disk."""
    images, width, height = 50, 1914, 1052
    samples = int(os.environ.get("BENCH_S3_SAMPLES", "2000"))
    rows = []
    with s3_server.serve(os.environ["ADAPTSEG_JAVA"], os.environ["ADAPTSEG_S3_SERVER"], "streets") as (
            settings, bucket):
        class_path = ":".join((settings, os.environ["ADAPTSEG_PROGRAM"], os.environ["ADAPTSEG_S3_CLIENT"]))
        # Written through S3A: the server gives an ETag to what it has been given, and to nothing else.
        command = [os.environ["ADAPTSEG_JAVA"], "@" + os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"], "-cp", class_path]
        command += ["org.adaptseg.cli.Main", "synthesize", "--output", "s3a://streets", "--source", str(images)]
        command += ["--train", "1", "--val", "1", "--width", str(width), "--height", str(height)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Two threads read half as many, once, so that all of it takes less than six minutes.
        for threads, turns in ((1, 2), (2, 1)):
            read = ["bench", "input", "--dataset", "gta5", "--split", "all", "--width", "1280", "--height", "720"]
            read += ["--samples", str(samples // 2), "--warm-up", "40", "--threads", str(threads)]
            ours, peer = in_turn(
                lambda: program(*read, "--root", "s3a://streets/gta5", heap="1g", class_path=class_path),
                lambda: program(*read, "--root", os.path.join(bucket, "gta5"), heap="1g", class_path=class_path),
                turns)
            what = "%d samples from S3, %dx%d PNG, prefetching threads: %d; server on the same %d processors" % (
                samples // 2 * turns, width, height, threads, os.cpu_count())
            rows.append(row(what, best(ours, "samples_per_s", max), best(peer, "samples_per_s", max), "samples/s",
                            0.8, higher=True, peer_name="the same files on the local disk"))
    return rows


def round_benchmark(system, workers, parameters, rounds):
    command = [os.environ["ADAPTSEG_JAVA"], "@" + os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"], "-Xmx4g"]
    command += ["-XX:+UseTransparentHugePages", "-Xms4g", "-XX:+AlwaysPreTouch"]  # as the executors of both have it
    command += ["-cp", os.environ["ADAPTSEG_TESTS"], "org.adaptseg.spark.round.RoundBenchmark"]
    # As our scripts set it, which slows rounds down: not for the peer.
    ours = {"MALLOC_MMAP_THRESHOLD_": "1048576"} if system == "ours" else {}
    with tempfile.TemporaryDirectory() as home:
        return last_json(command + [system, str(workers), str(parameters), str(rounds)],
                         SPARK_HOME=home, SPARK_SCALA_VERSION="2.12", SPARK_TESTING="1", **ours)


def averaging_round():
    ours, peer = in_turn(
        lambda: round_benchmark("ours", 2, RESNET_101, 6),
        lambda: round_benchmark("dl4j", 2, RESNET_101, 6))
    a = best(ours, "median_s")
    b = best([{"s": r["median_s"] - r["fit_s"]} for r in peer], "s")
    rows = [row("averaging round of ResNet-101 after the first 8, 2 executors, computing excluded", a, b, "s", 0.33,
                peer_name="dl4j-spark, its fit subtracted")]
    for workers in (2, 4, 8, 16):
        r = round_benchmark("ours", workers, 1_000_000, 3)
        if r:
            state = r["state_bytes"] / 1e6
            rows.append(row("bytes shuffled per worker, %d workers" % workers, r["shuffled_per_worker"] / 1e6, state,
                            "MB", 1.1, peer_name="state"))
            rows.append(row("bytes the driver receives, %d workers" % workers, r["driver_receives"] / 1e6, state,
                            "MB", 1.1, peer_name="state"))
    return rows


def run():
    runs = [program("bench", "run", heap="3g", OMP_NUM_THREADS="1") for _ in range(TURNS)]
    outside = best([r for r in runs if r], "outside_step")
    return [row("time of a run outside the step, 20 iterations a round, the demo's network", outside, 1.0, "", 0.10,
                peer_name="the whole round")]


PARTS = {"step": step, "bfloat16": bfloat16, "batch": batch, "forward": forward, "evaluate": evaluate, "split": split_rate, "input": input_rate, "s3": s3_rate,
         "round": averaging_round,
         "run": run}


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def main():
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit("Cannot run %s: expected some of %s" % (unknown, list(PARTS)))
    measured = json.load(open(ROWS)) if os.path.exists(ROWS) else {}
    for name in chosen:
        measured[name] = {"date": str(datetime.date.today()), "rows": PARTS[name]()}
        os.makedirs(os.path.dirname(ROWS), exist_ok=True)
        with open(ROWS, "w", encoding="utf-8") as out:
            json.dump(measured, out)
    table = markdown(measured)
    print(table)
    page = ("# Benchmarks\n\nWritten by `jobs/bench.sh`: %s, %d processors, %s threads on both sides unless a row says "
            "otherwise, runs in turn, the best of each. Only the ratios mean anything elsewhere. How it got there: "
            "[performance.md](performance.md).\n\n%s\n" % (processor(), os.cpu_count(), THREADS, table))
    with open(os.path.join(ROOT, "docs", "benchmarks.md"), "w", encoding="utf-8") as out:
        out.write(page)


def markdown(measured):
    """All parts that were ever measured here, in their order."""
    head = ("what", "this project", "peer", "ratio", "goal", "met", "on")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name in PARTS:
        if name in measured:
            lines += ["| " + " | ".join((*r, measured[name]["date"])) + " |" for r in measured[name]["rows"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
