"""Drives headless Chromium over its DevTools pipe: no driver program, no packages."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time


class Chromium:
    """A browser with one page. Use as a context manager."""

    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            raise SystemExit("page: there is no chromium here; install Debian's package: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="minference-page-")
        to_browser, self.requests = os.pipe()
        self.replies, from_browser = os.pipe()
        # The browser reads its file 3 and writes its file 4.
        command = (
            f"exec {program} --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
            f"--hide-scrollbars --remote-debugging-pipe --user-data-dir={self.profile} about:blank "
            f"3<&{to_browser} 4>&{from_browser}"
        )
        self.process = subprocess.Popen(
            ["bash", "-c", command], pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.last = 0
        self.events = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, **parameters):
        """Calls a method of the protocol and returns its result."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.requests, data):]
        while True:
            reply = self.receive()
            if reply.get("id") != self.last:
                self.events.append(reply)
                continue
            if "error" in reply:
                raise RuntimeError(f"{method}: {reply['error']['message']}")
            return reply["result"]

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.replies, 1 << 20)
            if not data:
                raise SystemExit("page: chromium ended unexpectedly")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, script):
        """The value of a JavaScript expression, awaited."""
        result = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails'].get('exception', {}).get('description')}")
        return result["result"].get("value")

    def wait(self, condition, seconds=60):
        """Waits until a JavaScript condition holds."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > end:
                raise SystemExit(f"page: after {seconds} s there is still not: {condition}")
            time.sleep(0.1)

    def open(self, url, width=1280, height=900, scheme="light"):
        self.show(width, height, scheme)
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def show(self, width, height, scheme):
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if width < 600 else 1,
            mobile=width < 600)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, key, code=None):
        """Presses a key in the element that has the focus."""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                      windowsVirtualKeyCode={"ArrowRight": 39, "ArrowDown": 40, "Tab": 9, "Enter": 13}.get(key, 0))

    def screenshot(self, path):
        """Takes the whole page."""
        time.sleep(0.3)
        image = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(image["data"]))

    def complaints(self):
        """Errors of scripts, of the content policy, and of loading, so far."""
        self.evaluate("1")
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"]["text"])
            if event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                found.append(parameters["entry"]["text"])
        return found

    def requested(self):
        """The addresses that were asked for so far."""
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]
