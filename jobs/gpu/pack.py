"""What check.sh --pack runs: a folder that checks a GPU on a machine without Java and network.

Into it go a JRE of the modules, and of every jar the packages, that the same iteration loads here on
the processor, whose losses are packed as well; the whole of this program and of CUDA's bindings, whose
classes are loaded on the GPU alone; and the scripts.
"""
import json, lzma, os, re, shutil, subprocess, sys, tarfile, tempfile, zipfile

import check

MOST = 40_000_000  # bytes
OURS = ("org/adaptseg/", "datasets/", "label-spaces/", "org/bytedeco/javacpp/", "org/bytedeco/cuda/")
NATIVES = re.compile(r".*/libjni(javacpp|linux|cudart|cudnn|nvrtc|cublas|cublasLt)\.so")
SCRIPTS = ["check.py", "../bench/torch_step.py"]
# Loaded where it is there, for names of a language that nobody asks for; 10 MB.
NEEDLESS = {"jdk.localedata"}
LOADED = re.compile(r"(\S+) source: (file:|jrt:/)(\S+)")


def losses(options, log=None):
    """On the processor; what classes that loads is logged."""
    short = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    os.environ["ADAPTSEG_JAVA_MORE"] = short + (" -Xshare:off -Xlog:class+load:file=" + log if log else "")
    result = check.step("onednn", "float32", *options)
    if result is None:
        sys.exit("Cannot pack: expected an iteration on the processor, found that it failed")
    return check.losses(result)


def loaded(log):
    """The modules of the JDK, and the packages of each jar or folder."""
    modules, packages = set(), {}
    with open(log) as lines:
        for found in LOADED.finditer(lines.read()):
            name, kind, place = found.groups()
            if kind == "jrt:/":
                modules.add(place)
            elif "." in name:
                packages.setdefault(place.rstrip("/"), set()).add(name.rpartition(".")[0].replace(".", "/"))
    return modules, packages


def wanted(name, packages):
    if name.endswith("/") or "/npp" in name:
        return False
    if ".so" in name:
        return NATIVES.fullmatch(name) is not None
    if "/linux-x86_64/" in name or name.endswith((".SF", ".RSA", ".DSA")):
        return False
    folder = name.rpartition("/")[0]
    return name.startswith(OURS) or folder in packages or "/" not in name or name.startswith("META-INF/")


def entries(place):
    """Names and contents of a jar or a folder of classes."""
    if os.path.isdir(place):
        for folder, _, files in os.walk(place):
            for file in files:
                path = os.path.join(folder, file)
                yield os.path.relpath(path, place), lambda path=path: open(path, "rb").read()
    else:
        with zipfile.ZipFile(place) as jar:
            for name in jar.namelist():
                yield name, lambda name=name: jar.read(name)


def pack_classes(place, packages, jar):
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as out:
        for name, contents in entries(place):
            if wanted(name, packages):
                out.writestr(zipfile.ZipInfo(name), contents(), zipfile.ZIP_DEFLATED)


def native_jars():
    """Jars of the class path that hold bindings alone, which nothing is loaded from as a class."""
    for place in check.class_path():
        name = os.path.basename(place)
        if name.startswith(("cuda-", "javacpp-", "systems-")):
            yield place


def pack_java(modules, file):
    jlink = os.path.join(os.path.dirname(os.environ["ADAPTSEG_JAVA"]), "jlink")
    if not os.path.exists(jlink):
        sys.exit("Cannot pack: expected a JDK, found no %s" % jlink)
    with tempfile.TemporaryDirectory() as work:
        java = os.path.join(work, "java")
        # Its compiler would take longer than what it compiles for.
        command = [jlink, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "--output", java]
        command += ["--strip-java-debug-attributes", "--no-man-pages", "--no-header-files"]
        command += ["--exclude-files", "glob:/java.desktop/lib/*"]
        subprocess.run(command + ["--add-modules", ",".join(sorted((modules - NEEDLESS) | {"jdk.unsupported"}))], check=True)
        with lzma.open(file, "wb", preset=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
            tar.add(java, "java")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    target = sys.argv[1]
    if os.path.exists(target) and os.listdir(target):
        sys.exit("Cannot pack: expected a folder that is empty or not there, found files in it (%s)" % target)
    os.makedirs(target, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        log = os.path.join(work, "classes.log")
        expected = {"large": losses(check.options(False)), "small": losses(check.options(True), log)}
        modules, packages = loaded(log)
    with open(os.path.join(target, "expected.json"), "w") as out:
        json.dump(expected, out)
    places = list(packages) + [place for place in native_jars() if place not in packages]
    for i, place in enumerate(places):
        jar = os.path.join(target, "%02d-%s.jar" % (i, os.path.basename(place).removesuffix(".jar")))
        pack_classes(place, packages.get(place, ()), jar)
    pack_java(modules, os.path.join(target, "java.tar.xz"))
    for script in SCRIPTS:
        shutil.copy(os.path.join(here, script), target)
    shutil.copy(os.environ["ADAPTSEG_JAVA_OPTIONS_FILE"], os.path.join(target, "java.options"))
    shutil.copy(os.path.join(here, "packed.sh"), os.path.join(target, "check.sh"))
    size = sum(os.path.getsize(os.path.join(target, file)) for file in os.listdir(target))
    if size > MOST:
        shutil.rmtree(target)
        sys.exit("Cannot pack: expected at most %d bytes, found %d" % (MOST, size))
    print("Packed %d bytes (%s); on the machine with the GPU: bash check.sh" % (size, target))


main()
