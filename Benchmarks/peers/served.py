"""A server with the bundled model, for the time of a check."""

import re
import subprocess
import sys


class Served:
    """Starts `minference serve` on a free port, or takes a server that runs. Use as a context manager."""

    def __init__(self, program, url=None, arguments=()):
        self.url = url
        self.process = None
        if url is None:
            self.process = subprocess.Popen(
                [program, "serve", "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True)

    def __enter__(self):
        lines = []
        while self.url is None:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the server did not start: " + " ".join(lines)[-400:])
            lines.append(line.strip())
            found = re.search(r"http://[^\s/\"]+:\d+", line)
            if found:
                self.url = found.group(0)
        self.url = self.url.rstrip("/")
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                print("the server did not end within 30 s", file=sys.stderr)
