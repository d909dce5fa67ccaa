"""What check.sh runs: compares losses, times steps, prints rows of a table."""
import datetime, glob, json, os, subprocess, sys

# Largest relative difference of a loss from the processor's in float32.
BOUNDS = {"float32": 1e-3, "tf32": 5e-3, "bfloat16": 2e-2, "float16": 5e-3}
if "--only" in sys.argv:
    BOUNDS = {precision: BOUNDS[precision] for precision in sys.argv[sys.argv.index("--only") + 1].split(",")}
# How a step ends in a precision that the GPU has not; and then in place of its JSON.
REFUSED = "Cannot compute with cluster.precision"
# What PyTorch's script is told to compute alike: in float32 it takes tensor cores, float16 it has not.
PEERS = {"tf32": [], "bfloat16": ["--bf16"]}
SMALL = "--small" in sys.argv[1:]
SIZES = [] if SMALL else [(1024, 512), (1280, 720)]


def options(small):
    """Of the iteration whose losses are compared."""
    shallow = ["--layers", "1,1,1,1", "--width", "128", "--height", "64", "--iterations", "2"]
    return shallow + ["--base-width", "8"] if small else shallow


def run(command):
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if REFUSED in ended.stderr:
        return REFUSED
    if ended.returncode:
        sys.stderr.write(ended.stdout + ended.stderr)
        return None
    line = ended.stdout.strip().splitlines()[-1]
    print(" ".join(command[-12:]), line, file=sys.stderr)
    return json.loads(line)


def class_path():
    """Jars and folders, in order."""
    for entry in os.environ["ADAPTSEG_PROGRAM"].split(":"):
        yield from sorted(glob.glob(entry + ".jar")) if entry.endswith("/*") else [entry]


def step(engine, precision, *options):
    java = [os.environ["ADAPTSEG_JAVA"], "@" + os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"]]
    java += os.environ.get("ADAPTSEG_JAVA_MORE", "").split()
    java += ["-cp", os.environ["ADAPTSEG_PROGRAM"], "org.adaptseg.cli.Main", "bench", "step"]
    return run(java + ["--engine", engine, "--precision", precision] + list(options))


def torch(*options):
    here = os.path.dirname(os.path.abspath(__file__))
    script = os.path.join(here, "torch_step.py")  # in a packed folder
    if not os.path.exists(script):
        script = os.path.join(here, "..", "bench", "torch_step.py")
    return run(["python3", "-B", script, "--cuda", "--channels-last"] + list(options))


def losses(result):
    return {term + " " + level: value for term, levels in result["losses"].items() for level, value in levels.items()}


def expected():
    """Losses on the processor, of a packed folder those of the machine that packed it."""
    packed = os.environ.get("ADAPTSEG_EXPECTED")
    if packed:
        with open(packed) as file:
            return json.load(file)["small" if SMALL else "large"]
    result = step("onednn", "float32", *options(SMALL))
    return result and losses(result)


def row(what, ours, peer, ratio, goal, met):
    print("| %s | %s | %s | %s | %s | %s | %s |" % (what, ours, peer, ratio, goal, met, datetime.date.today()), flush=True)


def main():
    theirs = expected()
    if theirs is None:
        return 1
    failed = False
    able = []
    for precision, bound in BOUNDS.items():
        first = step("cuda", precision, *options(SMALL))
        if first == REFUSED:
            row("GPU, %s" % precision, "not on this GPU", "", "", "", "")
            continue
        able.append(precision)
        second = step("cuda", precision, *options(SMALL))
        if first is None or second is None:
            failed = True
            row("GPU, %s: losses" % precision, "none", "the processor's", "", "", "no")
            continue
        ours = losses(first)
        apart = max(abs(ours[k] - v) / abs(v) for k, v in theirs.items())
        same = ours == losses(second)
        good = ours.keys() == theirs.keys() and apart <= bound
        failed = failed or not (good and same)
        where = first["instruction_set"]
        row("GPU, %s: largest difference of a loss (%s)" % (precision, where), "%.1e" % apart, "the processor's", "", "≤ %.0e" % bound, "yes" if good else "no")
        row("GPU, %s: the same run twice" % precision, "equal" if same else "different", "", "", "equal", "yes" if same else "no")
    for width, height in SIZES:
        size = ["--width", str(width), "--height", str(height), "--iterations", "10"]
        # Where there is bfloat16, nobody needs the times of float16, which also cost some.
        for precision in [p for p in able if p != "float16" or "bfloat16" not in able]:
            ours = step("cuda", precision, *size)
            if ours is None:
                failed = True
                continue
            peer = torch(*size, *PEERS[precision]) if precision in PEERS else None
            what = "GPU, %s: adversarial iteration, ResNet-101, %dx%d" % (precision, width, height)
            if peer:
                ratio = ours["median_s"] / peer["median_s"]
                row(what, "%.4f s" % ours["median_s"], "PyTorch: %.4f s" % peer["median_s"], "%.2f" % ratio, "≤ 0.9", "yes" if ratio <= 0.9 else "no")
            else:
                row(what, "%.4f s" % ours["median_s"], "not measured", "", "", "")
    return 1 if failed or not able else 0


if __name__ == "__main__":
    sys.exit(main())
