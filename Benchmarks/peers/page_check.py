"""The server's page in headless Chromium: a question asked and answered, the grid of heads, keyboard, widths, colours.

    python page_check.py PATH/TO/minference [--url URL] [--screenshots FOLDER]

Without --url a server with the bundled model is started for the check.
"""

import argparse
import os

from chromium import Chromium
from served import Served


def check(name, holds):
    if not holds:
        raise SystemExit(f"page: {name}: failed")
    print(f"page: {name}: ok", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--url", help="a server that runs already")
    parser.add_argument("--tokens", default="8192")
    parser.add_argument("--screenshots", help="a folder for pictures of the page")
    options = parser.parse_args()
    with Served(options.program, options.url) as server, Chromium() as browser:
        run(browser, server.url, options)


def run(browser, url, options):
    browser.open(url + "/")
    browser.wait("/tokens/.test(document.querySelector('#served').textContent)")
    check("the page says which model is served", True)

    browser.evaluate(f"document.querySelector('#size').value = '{options.tokens}'")
    browser.evaluate("document.querySelector('#example').click()")
    browser.wait("document.querySelector('#document').value.length > 10000", 30)
    check("an example document is made", browser.evaluate("document.querySelector('#question').value.length > 10"))
    browser.wait("/tokens/.test(document.querySelector('#count').textContent)", 30)
    check("its tokens are counted", True)

    # Enter in the question asks.
    browser.evaluate("document.querySelector('#question').focus()")
    browser.evaluate("document.querySelector('#form').requestSubmit()")
    browser.wait("document.querySelectorAll('.panel').length === 2")
    browser.wait("document.querySelectorAll('.panel[data-done]').length === 2", 300)
    answers = browser.evaluate("[...document.querySelectorAll('.panel .answer')].map((each) => each.textContent)")
    for mode, answer in zip(("sparse", "dense"), answers):
        check(f"the {mode} answer is right ({answer.strip()[:60]!r})", "eat a sandwich" in answer)
    check("both times stand side by side", browser.evaluate("document.querySelectorAll('.race-line').length") == 2)
    check("progress came to its end",
          browser.evaluate("[...document.querySelectorAll('.progress div')].every((each) => each.style.width === '100%')"))

    browser.wait("document.querySelectorAll('#heads button').length > 0")
    heads = browser.evaluate("document.querySelectorAll('#heads button').length")
    check(f"the grid has {heads} heads", heads >= 4)
    check("every head has a name for screen readers", browser.evaluate(
        "[...document.querySelectorAll('#heads button')].every((each) => /Layer .* density/.test(each.ariaLabel))"))
    browser.evaluate("document.querySelector('#heads button').click()")
    check("a head shows its recall and its mask", browser.evaluate(
        "/Recall/.test(document.querySelector('#detail').textContent) && !!document.querySelector('#detail canvas')"))
    browser.evaluate("document.querySelector('#heads button').focus()")
    browser.press("ArrowRight")
    browser.press("ArrowDown")
    check("arrow keys walk through the grid", browser.evaluate(
        "/Layer 1, head 1/.test(document.querySelector('#detail h3').textContent)"))
    unnamed = browser.evaluate("""[...document.querySelectorAll('button, input, select, textarea')].filter((each) =>
        !each.textContent.trim() && !each.ariaLabel && !each.labels?.length).length""")
    check("every control has a name", unnamed == 0)

    for width, height, name in ((1280, 900, "desktop"), (390, 844, "phone")):
        for scheme in ("light", "dark"):
            browser.show(width, height, scheme)
            # The picture of the mask takes its colours when it is drawn.
            browser.evaluate("document.querySelector('#heads button[aria-pressed=true]').click()")
            wide = browser.evaluate("document.documentElement.scrollWidth")
            check(f"{name}, {scheme}: nothing is wider than the window", wide <= width)
            if options.screenshots:
                os.makedirs(options.screenshots, exist_ok=True)
                browser.screenshot(os.path.join(options.screenshots, f"{name}-{scheme}.png"))

    outside = [address for address in browser.requested() if not address.startswith((url, "about:", "data:"))]
    check(f"nothing is asked of others {outside or ''}", not outside)
    complaints = browser.complaints()
    check(f"no errors of scripts or of the content policy {complaints or ''}", not complaints)


if __name__ == "__main__":
    main()
