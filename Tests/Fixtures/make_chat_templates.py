"""Renders chat templates as Hugging Face does and writes what comes out beside this script.

    python make_chat_templates.py

Needs transformers and jinja2. Writes chat_templates/families.json (templates in the forms of model families, and
the bundled model's, over conversations) and chat_templates/snippets.json (small templates, one feature each, and
random ones). An error of `raise_exception` is written with its words, others only as errors.
"""

import datetime
import json
import pathlib
import re
import sys

import jinja2
import jinja2.sandbox
from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "chat_templates"
sys.path.insert(0, str(FOLDER))

import conversations as talk
import families
import snippets

CLOCK = 1753520705  # 2025-07-26 09:05:05 UTC
RANDOM_COUNT = 500


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(CLOCK, datetime.timezone.utc)


chat_template_utils.datetime = Clock


def outcome(render):
    """What a rendering gives: the output, the words of a refusal, or that there is an error."""
    try:
        return {"output": render()}
    except jinja2.TemplateSyntaxError:
        return {"error": "syntax"}
    except jinja2.TemplateError as error:
        if type(error) is jinja2.TemplateError:
            return {"error": "raised", "message": str(error)}
        return {"error": "render"}
    except Exception:
        return {"error": "render"}


def family_cases():
    bundled = json.loads((HERE.parent.parent / "Models/needle-11m/tokenizer_config.json").read_text())
    templates = {**families.FAMILIES, "needle": bundled["chat_template"]}
    tokens = {"bos_token": "<s>", "eos_token": "</s>"}
    result = []
    for name, template in templates.items():
        cases = []
        for conversation, messages in talk.CONVERSATIONS.items():
            for tools in talk.TOOLS:
                for prompt in [False, True]:
                    for extra in [{}] + talk.EXTRAS.get(name, []):
                        if conversation not in talk.VARIED and (extra or not prompt):
                            continue
                        case = {"conversation": conversation, "tools": tools, "prompt": prompt, "extra": extra}
                        case |= outcome(
                            lambda: chat_template_utils.render_jinja_template(
                                [messages], tools=talk.TOOLS[tools], chat_template=template,
                                add_generation_prompt=prompt, **tokens, **extra,
                            )[0][0]
                        )
                        # The same outcome as without tools needs no second case.
                        if tools == "none" or not any(
                            c["conversation"] == conversation and c["prompt"] == prompt and c["extra"] == extra
                            and all(c.get(k) == case.get(k) for k in ("output", "error", "message"))
                            for c in cases
                        ):
                            cases.append(case)
        result.append({"name": name, "template": template, "context": tokens, "cases": cases})
    return result


def snippet_cases():
    compiled = chat_template_utils._cached_compile_jinja_template.__wrapped__ if hasattr(
        chat_template_utils._cached_compile_jinja_template, "__wrapped__"
    ) else chat_template_utils._cached_compile_jinja_template

    def render(source):
        return lambda: compiled(source).render(**json.loads(json.dumps(snippets.CONTEXT)))

    def render_mutable(source):
        environment = jinja2.sandbox.SandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
        return lambda: environment.from_string(source).render(**json.loads(json.dumps(snippets.CONTEXT)))

    cases = []
    for source in snippets.SNIPPETS + snippets.BLOCKS:
        cases.append({"template": source, **outcome(render(source))})
    for source in snippets.MUTATIONS:
        cases.append({"template": source, **outcome(render_mutable(source))})
    expressions = snippets.Expressions(seed=2025)
    failures = 0
    random_cases = []
    while len(random_cases) < RANDOM_COUNT:
        source = expressions.template()
        case = {"template": source, **outcome(render(source))}
        # One in five may fail; addresses, long output and long integers are left out.
        text = case.get("output", "")
        if "error" in case:
            if failures * 5 > len(random_cases):
                continue
            failures += 1
        if " at 0x" in text or len(text) > 400 or len(source) > 400 or re.search(r"\d{17}", text):
            continue
        random_cases.append(case)
    return cases + random_cases


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / name).write_text(text.replace('},{"conversation"', '},\n{"conversation"').replace('},{"template"', '},\n{"template"') + "\n")


def main():
    cases = family_cases()
    write(
        "families.json",
        {"clock": CLOCK, "conversations": talk.CONVERSATIONS, "tools": talk.TOOLS, "families": cases})
    snippet = snippet_cases()
    write("snippets.json", {"clock": CLOCK, "context": snippets.CONTEXT, "cases": snippet})
    for family in cases:
        errors = [c for c in family["cases"] if "error" in c]
        print(family["name"], len(family["cases"]), "cases,", len(errors), "errors")
    print(len(snippet), "snippets,", sum("error" in c for c in snippet), "errors")


main()
