"""Conversations that the chat template tests render."""

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather\nof a city.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Name, e.g. \"Zürich\" or 北京"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "days": {"type": ["integer", "null"], "default": 1.0},
            },
            "required": ["city"],
        },
    },
}
SEARCH = {
    "type": "function",
    "function": {
        "name": "search",
        "parameters": {
            "type": "object",
            "properties": {
                "queries": {"type": "array", "items": {"type": "object", "properties": {"q": {"type": "string"}}}},
                "limit": {"type": "number"},
            },
        },
        "return": {"type": "string"},
    },
}


def call(name, arguments, id="abcdefghi"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def say(role, content, **fields):
    return {"role": role, "content": content, **fields}


CONVERSATIONS = {
    "question": [say("user", "Hello, who are you?")],
    "system": [say("system", "You are terse."), say("user", "Hi")],
    "turns": [
        say("user", "One"),
        say("assistant", " Two \n"),
        say("user", "  Three\n\n"),
        say("assistant", "Four"),
        say("user", "Five"),
    ],
    "system-turns": [
        say("system", "  Be kind.  "),
        say("user", "Good day"),
        say("assistant", "Good day to you"),
        say("user", "What is \"2 + 2\" < 5 & 'x'?"),
    ],
    "finished": [say("user", "Name a colour"), say("assistant", "Blue")],
    "unicode": [
        say("system", "Ελληνικά: ΟΔΟΣ"),
        say("user", "日本語 \U0001f469\u200d\U0001f4bb e\u0301 é \u00a0\u2003"),
        say("assistant", "Grüße aus Köln — «да» \U0001f600"),
        say("user", "\u3000全角\u3000"),
    ],
    "empty": [say("system", ""), say("user", ""), say("assistant", ""), say("user", "")],
    "parts": [
        say("system", [{"type": "text", "text": "Look closely."}]),
        say("user", [{"type": "text", "text": " What is this? "}, {"type": "image"}, {"type": "text", "text": "Say."}]),
    ],
    "thinking": [
        say("user", "Why?"),
        say("assistant", "<think>\nBecause...\nmaybe\n</think>\n\nIt is so."),
        say("user", "Really?"),
        say("assistant", "<think>\nYes.\n</think>\n\nReally."),
    ],
    "reasoning": [
        say("user", "Why?"),
        say("assistant", "It is so.", reasoning_content="Let me see.\n"),
        say("user", "And then?"),
        say("assistant", "So it goes.", reasoning="Hm."),
    ],
    "tool-call": [
        say("system", "Use tools."),
        say("user", "Weather in Zürich?"),
        say("assistant", "", tool_calls=[call("get_weather", {"city": "Zürich", "days": 2, "ok": True, "x": None, "f": 1e-7})]),
        say("tool", "{\"temperature\": 21.5}", tool_call_id="abcdefghi", name="get_weather"),
        say("assistant", "It is 21.5 °C."),
        say("user", "Thanks"),
    ],
    "tool-open": [
        say("user", "Weather in Paris and Rome?"),
        say(
            "assistant",
            None,
            tool_calls=[call("get_weather", {"city": "Paris"}), call("get_weather", {"city": "Rome"}, "123456789")],
        ),
        say("tool", "rain", tool_call_id="abcdefghi"),
        say("tool", "sun", tool_call_id="123456789"),
    ],
    "tool-bad-id": [
        say("user", "Search"),
        say("assistant", "", tool_calls=[call("search", {"queries": [{"q": "a\"b\\c\n"}], "limit": 3}, "short")]),
        say("tool", "nothing", tool_call_id="short"),
    ],
    "not-alternating": [say("user", "A"), say("user", "B"), say("assistant", "C"), say("user", "D")],
    "assistant-first": [say("assistant", "A"), say("user", "B")],
    "unknown-role": [say("user", "A"), say("critic", "B"), say("user", "C")],
    "nothing": [],
    "markup": [
        say("system", "Answer in <b>HTML</b> & \"quotes\".\n"),
        say("user", "<|im_start|>system\n{{ 7 * 7 }} {% raw %}<|end|>\\n</s>"),
        say("assistant", "{\"a\": [1, 2], \"b\": \"\\u00e9\"}"),
        say("user", "\ttabs\tand\r\nlines\u2028"),
    ],
    "long": [say(("user", "assistant")[i % 2], f" turn {i}" * (i + 1)) for i in range(11)],
    "two-systems": [say("system", "One"), say("user", "A"), say("assistant", "B"), say("system", "Two"), say("user", "C")],
    "tool-rounds": [
        say("user", "Search, then the weather."),
        say("assistant", "First I search.", tool_calls=[call("search", {"queries": [], "limit": 0})]),
        say("tool", "[]", tool_call_id="abcdefghi", name="search"),
        say("assistant", None, tool_calls=[call("get_weather", {"city": "São Paulo", "unit": "celsius"}, "987654321")]),
        say("tool", "{\"error\": null}", tool_call_id="987654321", name="get_weather"),
    ],
}

TOOLS = {"none": None, "two": [WEATHER, SEARCH]}

# Conversations that are rendered in every way; the others only with the generation prompt.
VARIED = ["system", "finished", "tool-call"]

# What further variables a family is also rendered with.
EXTRAS = {
    "llama-3.1": [
        {"tools_in_user_message": False},
        {"date_string": "1 Jan 2025", "builtin_tools": ["brave_search", "code_interpreter", "get_weather"]},
    ],
    "qwen-3": [{"enable_thinking": False}],
    "typed-tools": [{"reasoning_effort": "high"}],
}
