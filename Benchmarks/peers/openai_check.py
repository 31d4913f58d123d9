"""The `openai` client of PyPI, unchanged, against the server.

    python openai_check.py PATH/TO/minference [--url URL]

Without --url a server with the bundled model is started for the check. Every line says what was asked and what held; the
first thing that does not hold ends the check with status 1.
"""

import argparse
import json
import time

import openai

from served import Served

DOCUMENT = ("Read the following text. I will ask you about it afterwards.\n"
            + " The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again." * 40
            + " The secret password of Eleanor is amber lantern."
            + " The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again." * 40)
QUESTION = DOCUMENT + " \nWhat is the secret password of Eleanor?"
MESSAGES = [{"role": "user", "content": QUESTION}]
SCHEMA = {
    "type": "object",
    "properties": {
        "owner": {"type": "string", "maxLength": 20},
        "color": {"enum": ["red", "amber", "green"]},
        "length": {"type": "integer", "minimum": 0, "maximum": 99},
        "words": {"type": "array", "items": {"type": "string", "maxLength": 12}, "minItems": 1, "maxItems": 3},
    },
    "required": ["owner", "color", "length", "words"],
    "additionalProperties": False,
}


def check(name, holds, found=""):
    if not holds:
        raise SystemExit(f"openai: {name}: failed {found}")
    print(f"openai: {name}: ok", flush=True)


def raises(name, kind, call):
    try:
        call()
    except kind as error:
        check(name, type(error) is kind, repr(error))
        return error
    raise SystemExit(f"openai: {name}: expected {kind.__name__}, got an answer")


def chat(client, model):
    answer = client.chat.completions.create(model=model, messages=MESSAGES, temperature=0, max_tokens=24)
    text = answer.choices[0].message.content
    check("chat", "amber lantern" in text, repr(text))
    check("finish reason and role", answer.choices[0].finish_reason == "stop" and answer.choices[0].message.role == "assistant")
    usage = answer.usage
    check("usage", usage.prompt_tokens > 500 and 0 < usage.completion_tokens <= 24
          and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, usage)
    limited = client.chat.completions.create(model=model, messages=MESSAGES, temperature=0, max_completion_tokens=2)
    check("length", limited.choices[0].finish_reason == "length" and limited.usage.completion_tokens == 2)
    several = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Hello"}], temperature=1.5, n=3, seed=7, max_tokens=6)
    again = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Hello"}], temperature=1.5, n=3, seed=7, max_tokens=6)
    texts = [choice.message.content for choice in several.choices]
    check("n and seed", len(texts) == 3 and texts == [choice.message.content for choice in again.choices], texts)
    return text


def stream(client, model, whole):
    chunks = list(client.chat.completions.create(
        model=model, messages=MESSAGES, temperature=0, max_tokens=24, stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    check("stream", "".join(pieces) == whole and len(pieces) > 1, pieces)
    check("usage of a stream", chunks[-1].usage is not None and chunks[-1].usage.completion_tokens > 0)
    details = chunks[-1].usage.prompt_tokens_details
    check("cached tokens are told", details is not None and details.cached_tokens is not None, details)
    reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices]
    check("one finish reason, at the end", reasons[-1] == "stop" and not any(reasons[:-1]))


def logprobs(client, model):
    answer = client.chat.completions.create(
        model=model, messages=MESSAGES, temperature=0, max_tokens=8, logprobs=True, top_logprobs=3)
    tokens = answer.choices[0].logprobs.content
    check("logprobs", len(tokens) == answer.usage.completion_tokens or len(tokens) == answer.usage.completion_tokens - 1,
          len(tokens))
    check("greedy tokens are the likeliest", all(
        len(token.top_logprobs) == 3 and abs(token.top_logprobs[0].logprob - token.logprob) < 1e-4
        and token.logprob <= 0 for token in tokens))
    check("bytes of tokens make up the text", b"".join(bytes(token.bytes or []) for token in tokens).decode()
          .startswith(answer.choices[0].message.content))


def stop(client, model, whole):
    word = whole.split()[-1].strip(".")
    answer = client.chat.completions.create(
        model=model, messages=MESSAGES, temperature=0, max_tokens=24, stop=[word, "never to be seen"])
    check("stop", answer.choices[0].finish_reason == "stop" and word not in answer.choices[0].message.content
          and whole.startswith(answer.choices[0].message.content), answer.choices[0].message.content)


def formats(client, model):
    for temperature in (0, 1.3):
        answer = client.chat.completions.create(
            model=model, messages=MESSAGES, temperature=temperature, seed=3, max_tokens=400,
            response_format={"type": "json_schema", "json_schema": {"name": "secret", "schema": SCHEMA, "strict": True}})
        value = json.loads(answer.choices[0].message.content)
        check(f"json_schema at temperature {temperature}",
              set(value) == set(SCHEMA["properties"]) and value["color"] in ("red", "amber", "green")
              and 0 <= value["length"] <= 99 and 1 <= len(value["words"]) <= 3, value)
    answer = client.chat.completions.create(
        model=model, messages=MESSAGES, temperature=0, max_tokens=300, response_format={"type": "json_object"})
    if answer.choices[0].finish_reason == "stop":
        check("json_object", isinstance(json.loads(answer.choices[0].message.content), dict))
    else:
        check("json_object", answer.choices[0].message.content.startswith("{"))
    raises("a schema that is not supported", openai.BadRequestError, lambda: client.chat.completions.create(
        model=model, messages=MESSAGES,
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": {"not": {}}}}))


def errors(client, model, url):
    error = raises("empty messages", openai.BadRequestError,
                   lambda: client.chat.completions.create(model=model, messages=[]))
    check("the error says which parameter", error.param == "messages" and error.type == "invalid_request_error", error.body)
    raises("a wrong type", openai.BadRequestError, lambda: client.chat.completions.create(
        model=model, messages=MESSAGES, temperature="warm"))
    raises("an unknown model", openai.NotFoundError,
           lambda: client.chat.completions.create(model="none/such", messages=MESSAGES))
    raises("no embeddings", openai.NotFoundError, lambda: client.embeddings.create(model=model, input="x"))
    raises("tools without a template for them", openai.BadRequestError, lambda: client.chat.completions.create(
        model=model, messages=MESSAGES,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]))
    error = raises("a prompt that is too long", openai.BadRequestError, lambda: client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "word " * 200_000}]))
    check("which is the context's length", error.code == "context_length_exceeded", error.body)
    raises("no server", openai.APIConnectionError, lambda: openai.OpenAI(
        base_url="http://127.0.0.1:9/v1", api_key="x", max_retries=0).models.list())
    impatient = client.with_options(timeout=0.05, max_retries=0)
    raises("a client that does not wait", openai.APITimeoutError, lambda: impatient.chat.completions.create(
        model=model, messages=[{"role": "user", "content": QUESTION * 4}], max_tokens=200, temperature=0.7))
    # The server gives up what nobody waits for, and goes on.
    start = time.monotonic()
    client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hello"}], max_tokens=2)
    check("the next client is served", time.monotonic() - start < 60)


def completions(client, model):
    answer = client.completions.create(model=model, prompt=QUESTION, temperature=0, max_tokens=5)
    check("completions", answer.object == "text_completion" and answer.usage.completion_tokens <= 5)


def keys(program):
    with Served(program, arguments=["--api-key", "secret"]) as server:
        wrong = openai.OpenAI(base_url=server.url + "/v1", api_key="wrong", max_retries=0)
        raises("a wrong key", openai.AuthenticationError, wrong.models.list)
        right = openai.OpenAI(base_url=server.url + "/v1", api_key="secret", max_retries=0)
        check("the right key", len(right.models.list().data) == 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--url", help="a server that runs already")
    options = parser.parse_args()
    print(f"openai: version {openai.__version__}")
    with Served(options.program, options.url) as server:
        client = openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0, timeout=120)
        model = client.models.list().data[0].id
        check(f"models: {model}", client.models.retrieve(model).id == model)
        whole = chat(client, model)
        stream(client, model, whole)
        logprobs(client, model)
        stop(client, model, whole)
        formats(client, model)
        completions(client, model)
        errors(client, model, server.url)
    if not options.url:
        keys(options.program)


if __name__ == "__main__":
    main()
