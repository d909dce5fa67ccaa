"""An S3 server in a JVM of its own: s3proxy, which checks signatures; its buckets are directories."""
import contextlib
import os
import re
import secrets
import subprocess
import tempfile
import time

STARTED = re.compile(r"Started .*ServerConnector.*\{127\.0\.0\.1:(\d+)\}")
LIMIT_S = 60


@contextlib.contextmanager
def serve(java, jar, bucket):
    """Yields a directory with the settings of S3A (core-site.xml) and the bucket's directory.

    All of it is readable by its owner only, and gone afterwards.
    """
    # mkdtemp gives the directory to its owner alone, whatever the umask is.
    with tempfile.TemporaryDirectory(prefix="bench-s3-") as base:
        directory = os.path.join(base, "buckets", bucket)
        settings = os.path.join(base, "settings")
        os.makedirs(directory)
        os.makedirs(settings)
        key, secret = secrets.token_hex(8), secrets.token_hex(16)
        properties = {
            "s3proxy.authorization": "aws-v2-or-v4",
            "s3proxy.endpoint": "http://127.0.0.1:0",
            "s3proxy.identity": key,
            "s3proxy.credential": secret,
            "jclouds.provider": "filesystem-nio2",
            "jclouds.filesystem.basedir": os.path.join(base, "buckets"),
        }
        file = os.path.join(base, "s3proxy.properties")
        with open(file, "w", encoding="utf-8") as out:
            out.writelines("%s=%s\n" % entry for entry in properties.items())
        log = os.path.join(base, "log")
        with open(log, "w", encoding="utf-8") as out:
            # An object that everyone on the machine may read is served to everyone who asks: umask.
            process = subprocess.Popen(
                ["/bin/sh", "-c", 'umask 077; exec "$@"', "sh",
                 java, "-Xmx256m", "-jar", jar, "--properties", file],
                stdout=out, stderr=subprocess.STDOUT)
        try:
            write_settings(settings, "http://127.0.0.1:%d" % await_port(process, log), key, secret)
            yield settings, directory
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_port(process, log):
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        with open(log, encoding="utf-8") as text:
            written = text.read()
        found = STARTED.search(written)
        if found:
            return int(found.group(1))
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("Cannot serve: expected s3proxy to listen within %d s, found\n%s" % (LIMIT_S, written[-2000:]))


def write_settings(directory, endpoint, key, secret):
    settings = {
        "fs.s3a.endpoint": endpoint,
        "fs.s3a.endpoint.region": "us-east-1",
        "fs.s3a.path.style.access": "true",
        "fs.s3a.connection.ssl.enabled": "false",
        "fs.s3a.access.key": key,
        "fs.s3a.secret.key": secret,
    }
    with open(os.path.join(directory, "core-site.xml"), "w", encoding="utf-8") as out:
        out.write("<configuration>\n")
        out.writelines("<property><name>%s</name><value>%s</value></property>\n" % entry for entry in settings.items())
        out.write("</configuration>\n")
