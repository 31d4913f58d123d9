"""Small templates, each about one feature, and random ones that combine them."""

import random

CONTEXT = {
    "a": 7,
    "b": -3,
    "z": 0,
    "f": 2.5,
    "g": -0.1,
    "t": True,
    "n": None,
    "s": "Hello World",
    "u": "Zürich 日本 e\u0301 \U0001f600",
    "w": "  \t padded\u00a0\n",
    "e": "",
    "l": [3, 1, 2],
    "m": ["b", "A", "c", "a"],
    "x": [1, "two", None, True, 2.0, [1, 2], {"k": "v"}],
    "d": {"one": 1, "Two": 2, "three": [3], "items": "shadowed", "get": 5},
    "p": [
        {"role": "user", "n": 2, "c": {"t": "x"}},
        {"role": "assistant", "n": 1},
        {"role": "User", "n": 3, "c": {"t": "y"}, "tool_calls": []},
    ],
    "q": "it's \"quoted\" \\ <b>&amp;</b>\n\x7f\x01\u2028",
    "deep": {"a": {"b": [{"c": "found"}]}},
    "text": "first line\nsecond line\r\n\n  third",
}

# One template a line.
SNIPPETS = r"""
{{ a }} {{ b }} {{ f }} {{ g }} {{ t }} {{ n }} {{ s }} {{ missing }}
{{ l }} {{ x }} {{ d }} {{ (1,) }} {{ () }} {{ [] }} {{ {} }} {{ (1, 'a', none) }}
{{ q }}|{{ [q] }}|{{ [u] }}|{{ ["\u200b\xad\u00a0\u3000"] }}
{{ 1e3 }} {{ 1.0 }} {{ 1e16 }} {{ 123456789012345680.0 }} {{ 1e-5 }} {{ 0.0001 }} {{ 1.5e300 }} {{ 12e15 }} {{ 9007199254740993.0 }}
{{ 1e22 }} {{ 1.7976931348623157e308 }} {{ 5e-324 }} {{ -0.0 }} {{ 0.1 + 0.2 }} {{ 1e999 }} {{ -1e999 }} {{ 100000000000000000000.0 }}
{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1_0.5_0 }} {{ 00 }}
{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }}
{{ 7 / 2 }} {{ 6 / 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2.0 ** 0.5 }} {{ (-1) ** 3 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ 1.0 // 0 }}
{{ 0 ** -1 }}
{{ 0.0 ** -1 }}
{{ 'a' * 3 }} {{ 3 * 'ab' }} {{ [1] * 2 }} {{ 'a' * -1 }} {{ (1, 2) * 2 }} {{ true * 3 }}
{{ 1 + 1.0 }} {{ true + true }} {{ 'a' + 'b' }} {{ [1] + [2] }} {{ (1,) + (2,) }}
{{ 'a' + 1 }}
{{ [1] + (2,) }}
{{ 1 + none }}
{{ missing + 1 }}
{{ 'a' - 'b' }}
{{ 1 ~ 'a' ~ 2.0 ~ none ~ true ~ missing ~ [1] }}
{{ -a }} {{ +b }} {{ - 3 }} {{ --3 }} {{ -true }} {{ not a }} {{ not not a }}
{{ -'a' }}
{{ a == 7 }} {{ a == 7.0 }} {{ true == 1 }} {{ '1' == 1 }} {{ none == false }} {{ [1, 2] == [1, 2.0] }} {{ (1,) == [1] }} {{ {'a': 1} == {'a': 1.0} }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 3 > 2 >= 2 != 1 }} {{ 'a' < 'b' }} {{ 'Z' < 'a' }} {{ [1, 2] < [1, 3] }} {{ [1] < [1, 0] }} {{ 'é' > 'z' }}
{{ 1 < 'a' }}
{{ none < 1 }}
{{ {} < {} }}
{{ missing < 1 }}
{{ 1 in l }} {{ 9 not in l }} {{ 'ell' in s }} {{ '' in s }} {{ 'one' in d }} {{ 1 in d }} {{ none in x }} {{ 1.0 in l }} {{ 'a' in missing }}
{{ 1 in 'a' }}
{{ 1 in none }}
{{ 'e\u0301' == 'é' }} {{ 'é' in 'e\u0301' }} {{ 'e\u0301'|length }} {{ '\r\n'|length }} {{ u|length }}
{{ a and b }} {{ z and b }} {{ e or 'fallback' }} {{ n or z or [] }} {{ a or missing.foo }} {{ not (a and z) }}
{{ 'yes' if a else 'no' }} {{ 'yes' if z else 'no' }} {{ 'yes' if z }}| {{ 1 if z else 2 if n else 3 }}
{{ ('a' if t else 'b') ~ ('c' if not t else 'd') }} {{ s if s is defined and s else 'none' }}
{{ (x if false).foo }}
{{ s[0] }} {{ s[-1] }} {{ s[0:5] }} {{ s[:-6] }} {{ s[::2] }} {{ s[::-1] }} {{ s[-3:] }} {{ s[5:2] }} {{ s[8:2:-2] }} {{ s[100:] }} {{ s[-100:3] }}
{{ l[0] }} {{ l[-1] }} {{ l[1:] }} {{ l[::-1] }} {{ l[5] }} {{ l[-9] }} {{ l[true] }} {{ l[:0] }} {{ (1, 2, 3)[1:] }} {{ l[2::-1] }} {{ l[:1:-1] }}
{{ u[0] }} {{ u[1] }} {{ u[7:9] }} {{ u[-1] }} {{ u[::-1] }} {{ u[1:-1:3] }}
{{ l[::0] }}
{{ l['a':] }}
{{ n[1:] }}
{{ d[1:] }}
{{ missing[1:] }}
{{ l[none:2] }} {{ l[1.5] }} {{ l['x'] }} {{ s['x'] }} {{ s[99] }} {{ none['x'] }} {{ a.b }} {{ none.x }} {{ a[0] }}
{{ d.one }} {{ d['Two'] }} {{ d.nope }} {{ d['items'] }} {{ d.three[0] }} {{ deep.a.b[0].c }} {{ deep['a'].b.0.c }} {{ p.1.role }}
{{ d.nope.more }}
{{ missing.more }}
{{ missing['more'] }}
{{ missing() }}
{{ a() }}
{{ none() }}
{{ d.items() | list }} {{ d.keys() | list }} {{ d.values() | list }} {{ d.get('one') }} {{ d.get('x') }} {{ d.get('x', 4) }}
{{ d.items() }} {{ d.keys() }} {{ d.values() }} {{ d.items() | length }}
{{ d.items()[0] }}|{{ d.keys().x }}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}
{% for k in d %}{{ k }},{% endfor %}
{% for k, v in d | dictsort %}{{ k }}={{ v }};{% endfor %}
{% for k, v in {'b': 1, 'A': 2} | dictsort(true) %}{{ k }}={{ v }};{% endfor %}{% for k, v in {'b': 1, 'A': 2} | dictsort(by='value', reverse=true) %}{{ k }}={{ v }};{% endfor %}
{{ {'a': 1, 'a': 2, 1: 'x', 1.0: 'y', true: 'z', none: 'n', 'b': 3}['a'] }} {{ {1: 'x', 1.0: 'y', true: 'z'} }} {{ {'x': {'y': (1,)}} }}
{{ {[1]: 2} }}
{{ {'a': 1}[[1]] }}|
{{ {2: 'two'}[2] }} {{ {2: 'two'}[2.0] }} {{ {'2': 'two'}[2] }}|
{% for i in range(5) %}{{ i }}{% endfor %} {{ range(3) }} {{ range(1, 9, 3) | list }} {{ range(5, 0, -2) | list }} {{ range(4)[1] }} {{ range(10)[2:8:3] }} {{ range(3) | length }} {{ range(0) | list }} {{ 3 in range(5) }} {{ range(10)[-1] }} {{ range(10)[::-1] | list }}
{{ range(1, 2, 0) }}
{{ range(1000000) }}
{{ range('a') }}
{{ range() }}
{% for i in range(3) %}{{ loop.index }}/{{ loop.index0 }}/{{ loop.revindex }}/{{ loop.revindex0 }}/{{ loop.first }}/{{ loop.last }}/{{ loop.length }} {% endfor %}
{% for i in m %}[{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }}]{% endfor %}
{% for i in m %}{{ loop.cycle('x', 'y') }}{{ loop.changed(i | lower) }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}{{ loop }}
{% for i in l if i > 1 %}{{ loop.index }}:{{ i }}{{ ',' if not loop.last }}{% else %}none{% endfor %}
{% for i in l if i > 9 %}{{ i }}{% else %}none{% endfor %}{% for i in [] %}{% else %}empty{% endfor %}{% for i in missing %}{% else %}undef{% endfor %}
{% for i in l if i > 1 %}{{ loop.length }}{{ loop.revindex }}{{ loop.nextitem }} {% endfor %}
{% for i in none %}{% endfor %}
{% for i in 5 %}{% endfor %}
{% for i in 'añ😀' %}{{ i }}.{% endfor %}
{% for a, b in [(1, 2), [3, 4], 'xy'] %}{{ a }}-{{ b }} {% endfor %}{% for (a, (b, c)) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}
{% for a, b in [1] %}{{ a }}{% endfor %}
{% for i in range(10) %}{% if i == 3 %}{% continue %}{% elif i == 6 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for i in range(3) %}{% for j in range(3) %}{% if j > i %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{{ loop.index }}|{% endfor %}
{% for i in 1, 2, 3 %}{{ i }}{% endfor %}{% for i in (4, 5) %}{{ i }}{% endfor %}
{% for i in l recursive %}{{ i }}{% if i == 1 %}({{ loop([7, 8]) }}){% endif %}{{ loop.depth }}{% endfor %}
{% set v = 1 %}{% for i in l %}{% set v = v + i %}{{ v }} {% endfor %}{{ v }}
{% set v = 1 %}{% if true %}{% set v = 2 %}{% endif %}{{ v }}
{% set ns = namespace(v=1, w='a') %}{% for i in l %}{% set ns.v = ns.v + i %}{% endfor %}{{ ns.v }} {{ ns.w }} {{ ns.none }} {{ ns }}
{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns['a'] }}{% set ns.c, ns.a = 3, 4 %}{{ ns.c }}{{ ns.a }}
{% set ns = namespace() %}{% set ns._x = 1 %}
{% set d.one = 2 %}
{% set nope.one = 2 %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, 2 %}{{ c }}{% set (e, f) = [3, 4] %}{{ e }}{{ f }}
{% set a, b = 1 %}
{% set a, b = 1, 2, 3 %}
{% set block %}x{{ a }}{% for i in l %}{{ i }}{% endfor %}{% endset %}{{ block }}|{{ block | length }}
{% set block | upper | replace('X', '-') %}x{{ a }}y{% endset %}{{ block }}
{% filter upper %}abc {{ s }}{% endfilter %}{% filter replace('a', 'b') | trim %} aa {% endfilter %}
{% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}{% with %}{% set s = 1 %}{{ s }}{% endwith %}{{ s }}
{% generation %}{% set s = 1 %}{{ s }}{% endgeneration %}{{ s }}
{% print 1, 'a' %}
{% macro f(x, y=2, z=x) %}{{ x }}-{{ y }}-{{ z }};{% endmacro %}{{ f(1) }}{{ f(1, z=3) }}{{ f(y=5, x=4) }}{{ f() }}{{ f(*[7, 8]) }}{{ f(**{'x': 9}) }}
{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1, 2) }}
{% macro f(x) %}{{ x }}{% endmacro %}{{ f(y=2) }}
{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1, x=2) }}
{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, k=3) }}{{ f }}{{ f.name }}
{% macro f() %}{{ s }}{{ later }}{% endmacro %}{% set later = 'L' %}{{ f() }}{{ f() | length }}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(4) }}
{% macro f(t) %}<{{ caller() }}|{{ t }}>{% endmacro %}{% call f('x') %}body {{ a }}{% endcall %}
{% macro f() %}{{ caller(1, b=2) }}{% endmacro %}{% call(a, b, c=3) f() %}{{ a }}{{ b }}{{ c }}{% endcall %}
{% macro f() %}{{ caller is defined }}{{ caller() }}{% endmacro %}{{ f() }}
{% macro f() %}x{% endmacro %}{% call f() %}{% endcall %}
{% if a > 5 and not z %}yes{% elif x %}maybe{% else %}no{% endif %}{% if missing %}u{% else %}v{% endif %}
{{ 'a' 'b' "c" }} {{ 'it\'s' }} {{ "tab\tnew\nend" }} {{ '\x41\u00e9\U0001f600\101' }} {{ '\d\/' }}
{{ '\u12' }}
{{ "unterminated }}
{{ a
{{ (1, 2 }}
{{ 1 +  }}
{{ ] }}
{% if a %}
{% for i in l %}{% endif %}
{% endfor %}
{% unknown %}
{% do l %}
{% include 'x' %}
{% import 'x' as y %}
{% extends 'x' %}
{% break %}
{% set true = 1 %}
{% set 1 = 1 %}
{% for loop in l %}{{ loop.index }}{% endfor %}
{{ a | nope }}
{{ a is nope }}
{% if false %}{{ a | nope }}{% endif %}ok
{{ 1 if true else (a | nope) }}
{% if true %}{{ a | nope }}{% endif %}
{{ $ }}
{{ a.1.5 }}
{{ a. }}
{{ f(a=1, 2) }}
{# comment #}a{#- x -#} b {#+ y +#}
{# unterminated
{% raw %}{{ not }} {% evaluated %}{% endraw %}|{%- raw -%} x {%- endraw -%} y
{{ raise_exception('Stop: ' ~ a) }}
{{ raise_exception() }}
{{ raise_exception(5) }}
{% if t %}{{ raise_exception("a\nb") }}{% endif %}
{{ strftime_now('%Y-%m-%d %H:%M:%S %d %b %B %A %j %%') }}
{{ strftime_now is defined }} {{ range is defined }} {{ nope is defined }} {{ raise_exception is callable }}
{{ dict(a=1, b=2) }} {{ dict({'x': 1}, y=2) }} {{ dict([('k', 'v')]) }} {{ dict() }}
{{ a is defined }} {{ missing is defined }} {{ missing is undefined }} {{ d.nope is defined }} {{ n is none }} {{ n is not none }} {{ missing is none }}
{{ s is string }} {{ a is string }} {{ d is mapping }} {{ l is mapping }} {{ l is iterable }} {{ s is iterable }} {{ a is iterable }} {{ d is iterable }} {{ missing is iterable }} {{ n is iterable }}
{{ l is sequence }} {{ s is sequence }} {{ d is sequence }} {{ a is sequence }} {{ range(2) is sequence }} {{ d.items() is sequence }} {{ (l | map('string')) is sequence }} {{ missing is sequence }}
{{ a is number }} {{ f is number }} {{ t is number }} {{ s is number }} {{ a is integer }} {{ t is integer }} {{ f is float }} {{ a is float }} {{ t is boolean }} {{ a is boolean }}
{{ t is true }} {{ 1 is true }} {{ z is false }} {{ false is false }} {{ a is odd }} {{ b is odd }} {{ 4 is even }} {{ a is divisibleby 7 }} {{ a is divisibleby(2) }}
{{ a is eq 7 }} {{ a is equalto(7) }} {{ a is ne 8 }} {{ a is gt 3 }} {{ a is lessthan 3 }} {{ a is ge 7 }} {{ a is le 6 }} {{ a is in [7] }} {{ 'e' is in s }} {{ n is sameas none }} {{ a is sameas 7.0 }}
{{ 'abc' is lower }} {{ 'ABC' is upper }} {{ 'aBc' is lower }} {{ '' is lower }} {{ '12' is upper }} {{ 'trim' is filter }} {{ 'odd' is test }} {{ 'nope' is filter }} {{ s is escaped }}
{{ 'a' is odd }}
{{ not a is defined }} {{ a is not string and s is string }} {{ a is defined and a is odd or z }} {{ (a is odd) == true }}
{{ a is defined is true }}
{{ s | upper }} {{ s | lower }} {{ 'hello wORLD-foo (bar) [baz]' | title }} {{ 'hELLO' | capitalize }} {{ s | length }} {{ s | count }} {{ 'ß ǆ ŉ ΑΣ ΑΣΑ Σ' | upper }} {{ 'ΑΣ ΑΣΑ Σ İ' | lower }} {{ 'ǆ ß' | capitalize }} {{ 'ŉ x' | title }}
[{{ w | trim }}] [{{ 'xxaxx' | trim('x') }}] [{{ 5 | trim }}] [{{ n | trim }}] [{{ missing | trim }}]
{{ s | replace('o', '0') }} {{ s | replace('o', '0', 1) }} {{ 'aaa' | replace('', '-') }} {{ 'aaa' | replace('a', '', 2) }} {{ 5 | replace(5, 6) }} {{ 'aaa' | replace('', '-', 2) }} {{ 'aaa' | replace('aa', 'b') }}
{{ s | replace('o') }}
{{ s | upper(1) }}
{{ s | replace('o', new='0', nope=1) }}
{{ l | first }} {{ l | last }} {{ s | first }} {{ s | last }} {{ d | first }} {{ d | last }} {{ [] | first }}| {{ '' | last }}| {{ missing | first }}|{{ d.items() | last }}
{{ 5 | first }}
{{ n | last }}
{{ l | join(',') }} {{ l | join }} {{ x | join('|') }} {{ p | join(',', attribute='role') }} {{ s | join('.') }} {{ p | join('-', 'n') }} {{ missing | join('x') }}| {{ d | join(' ') }}
{{ 5 | join(',') }}
{{ missing | default('x') }} {{ n | default('x') }} {{ n | default('x', true) }} {{ e | default('x', boolean=true) }} {{ e | d('y') }}| {{ missing | default }}| {{ d.nope | default(d.one) }}
{{ d | items | list }} {{ missing | items | list }} {{ l | list }} {{ 'añ' | list }} {{ d | list }} {{ n | string }} {{ f | string }} {{ l | string | length }}
{{ l | items | list }}
{{ n | list }}
{{ l | sort }} {{ m | sort }} {{ m | sort(case_sensitive=true) }} {{ l | sort(reverse=true) }} {{ p | sort(attribute='n') | map(attribute='role') | list }} {{ p | sort(attribute='role,n') | map(attribute='n') | list }} {{ m | sort(true) }} {{ 'hello' | sort | join }}
{{ x | sort }}
{{ [3, 'a'] | sort }}
{{ l | reverse | list }} {{ s | reverse }} {{ d | reverse | list }} {{ (l | reverse) is sequence }} {{ range(3) | reverse | list }}
{{ m | unique | list }} {{ ['a', 'A', 'b'] | unique | list }} {{ ['a', 'A', 'b'] | unique(true) | list }} {{ [1, 1.0, true, 2] | unique | list }} {{ p | unique(attribute='role') | map(attribute='n') | list }}
{{ m | map('upper') | list }} {{ p | map(attribute='role') | list }} {{ p | map(attribute='c.t', default='-') | list }} {{ l | map('string') | join }} {{ m | map('replace', 'a', 'z') | list }} {{ [[1, 2], [3]] | map('first') | list }} {{ [[1, 2]] | map(attribute=1) | list }} {{ missing | map('upper') | list }}
{{ p | map(attribute='c.t') | list }}
{{ m | map('nope') | list }}
{{ m | map | list }}
{{ m | map('upper') | length }}
{{ (m | map('upper'))[0] }}|{{ 'yes' if [] | map('upper') else 'no' }} {{ 'yes' if p | selectattr('role', 'equalto', 'x') else 'no' }}
{% set it = m | map('upper') %}{{ it | first }}{{ it | list }}{{ it | list }}
{{ l | select('odd') | list }} {{ l | reject('odd') | list }} {{ x | select | list }} {{ x | reject | list }} {{ l | select('gt', 1) | list }} {{ x | select('string') | list }} {{ l | select('in', [1, 3]) | list }}
{{ p | selectattr('role', 'equalto', 'user') | list }} {{ p | rejectattr('role', 'equalto', 'user') | map(attribute='n') | list }} {{ p | selectattr('c') | map(attribute='n') | list }} {{ p | rejectattr('tool_calls', 'defined') | list | length }} {{ p | selectattr('n', '>', 1) | list | length }} {{ p | selectattr('c', 'undefined') | map(attribute='role') | first }}
{{ p | selectattr('role', 'nope') | list }}
{{ p | selectattr | list }}
{{ 'a\nb\n\nc' | indent }}| {{ text | indent(2) }}| {{ text | indent(2, true) }}| {{ text | indent('> ', blank=true) }}| {{ 'x' | indent(3, first=true) }}| {{ '' | indent }}|
{{ 5 | indent }}
{{ '42' | int }} {{ ' 42 ' | int }} {{ 'x' | int }} {{ 'x' | int(7) }} {{ '3.7' | int }} {{ 3.9 | int }} {{ -3.9 | int }} {{ '0x1f' | int(base=16) }} {{ '101' | int(0, 2) }} {{ true | int }} {{ n | int }} {{ l | int(3) }} {{ '1_000' | int }} {{ '1e3' | int }} {{ '-5' | int }} {{ '0b11' | int(base=0) }} {{ 'ff' | int(base=16) }}
{{ missing | int }}
{{ 1e999 | int }}
{{ '3.5' | float }} {{ 'x' | float }} {{ 'x' | float(1.5) }} {{ 3 | float }} {{ '1e3' | float }} {{ ' inf ' | float }} {{ 'nan' | float }} {{ n | float }} {{ '.5' | float }} {{ '5.' | float }} {{ '1_0.5' | float }} {{ true | float }} {{ '-Infinity' | float }}
{{ -5 | abs }} {{ b | abs }} {{ g | abs }} {{ true | abs }} {{ (-5) | abs }}
{{ 's' | abs }}
{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 42.55 | round(1, 'ceil') }} {{ 42.55 | round(1, 'floor') }} {{ 42 | round }} {{ 1234.5 | round(-2) }} {{ 1250 | round(-2) }} {{ 1350 | round(-2) }} {{ -2.5 | round }} {{ 0.5 | round | int }} {{ 5 | round(method='floor') }} {{ -1250 | round(-2) }} {{ 1e300 | round(2) }}
{{ 1 | round(method='x') }}
{{ l | sum }} {{ [1.5, 2] | sum }} {{ p | sum(attribute='n') }} {{ [] | sum }} {{ [[1], [2]] | sum(start=[]) }} {{ l | sum(start=10) }}
{{ m | sum }}
{{ l | min }} {{ l | max }} {{ m | min }} {{ m | max }} {{ m | max(case_sensitive=true) }} {{ p | max(attribute='n') }} {{ [] | min }}| {{ 'hello' | max }}
{{ l | batch(2) | list }} {{ l | batch(2, 'x') | list }} {{ l | slice(2) | list }} {{ l | slice(2, 'x') | list }} {{ range(7) | batch(3) | map('list') | list }}
{{ q | escape }} {{ '<a>' | e }} {{ s | safe }} {{ q | forceescape }}
{{ 'a b_c d-é' | wordcount }} {{ 'hello world foo' | truncate(9, false, '...', 0) }} {{ 'hello world' | truncate(9, true, '', 0) }} {{ 'hello' | truncate(3) }} [{{ 'ab' | center(7) }}] [{{ 'abc' | center(6) }}] [{{ 'abc' | center(1) }}]
{{ d | attr('one') }}|{{ 5 | attr('x') }}|{{ (d | attr('keys'))() | list }}
{{ x | tojson }} {{ d | tojson }} {{ q | tojson }} {{ u | tojson }} {{ (1, 2) | tojson }} {{ {} | tojson }} {{ [] | tojson }} {{ n | tojson }} {{ f | tojson }} {{ 1e16 | tojson }} {{ s | tojson }}
{{ u | tojson(ensure_ascii=true) }} {{ u | tojson(true) }} {{ q | tojson(ensure_ascii=true) }} {{ d | tojson(sort_keys=true) }} {{ d | tojson(separators=(',', ':')) }} {{ d | tojson(separators=[', ', ' = ']) }}
{{ x | tojson(indent=2) }} {{ d | tojson(indent=4) }} {{ [] | tojson(indent=2) }} {{ {} | tojson(indent=2) }} {{ [1, [2]] | tojson(indent='--') }} {{ [1] | tojson(indent=0) }} {{ [1, 2] | tojson(indent=1, separators=('; ', ': ')) }}
{{ {1: 2, none: 3, true: 4, 1.5: 5} | tojson }} {{ 1e999 | tojson }} {{ [-1e999] | tojson }} {{ '\x00\x08\x0c\x1f\x7f' | tojson }} {{ 123456789 | tojson }} {{ true | tojson }}
{{ missing | tojson }}
{{ range(3) | tojson }}
{{ d.items() | tojson }}
{{ (l | map('string')) | tojson }}
{{ '%s is %d years, %.2f%% %r %x' % ('Al', 5, 3.14159, 'q', 255) }} {{ '%s' % a }} {{ '%5d|%-5d|%05d|%+d' % (1, 2, 3, 4) }} {{ '%(k)s' % {'k': 'v'} }} {{ '%s, %s' | format('a', 1) }} {{ '%(x)s' | format(x=1) }} {{ '%10.3s|' % 'abcdef' }} {{ '%e %g' % (12345.678, 0.00001) }} {{ '%c' }} {{ '%s' % missing }}| {{ '%s' % none }} {{ '%X %o %#x' % (255, 8, 255) }}
{{ '%s %s' % 'a' }}
{{ '%s' % (1, 2) }}
{{ '%d' % 'a' }}
{{ 'abc' % 2 }}
{{ '%' % 2 }}
{{ s.upper() }} {{ s.lower() }} {{ 'a-b c1d'.title() }} {{ 'hELLO'.capitalize() }} {{ 'aBc'.swapcase() }} {{ "they're".title() }} {{ 'ΑΣ'.lower() }}
[{{ w.strip() }}] [{{ w.lstrip() }}] [{{ w.rstrip() }}] [{{ 'xyaxy'.strip('xy') }}] [{{ 'xxa'.lstrip('x') }}] [{{ 'axx'.rstrip('x') }}] [{{ 'axx'.rstrip(none) }}] [{{ '\u3000a\x1f'.strip() }}]
{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a b c'.split(none, 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ''.split() }} {{ ''.split(',') }} {{ 'abc'.split('bc') }} {{ 'a b  c '.rsplit(none, 1) }} {{ 'a,b,c'.split(',', maxsplit=1) }} {{ 'a,b'.split(sep=',') }} {{ 'aXXbXXXc'.rsplit('XX') }} {{ ' a b '.split(none, 0) }} {{ 'aXXXb'.rsplit('XX', 1) }}
{{ 'a'.split('') }}
{{ 'a'.split(1) }}
{{ 'a\nb\r\nc\x0bd\u2028e\n'.splitlines() }} {{ 'a\nb'.splitlines(true) }} {{ ''.splitlines() }} {{ 'k=v=w'.partition('=') }} {{ 'k=v=w'.rpartition('=') }} {{ 'k'.partition('=') }} {{ 'k'.rpartition('=') }}
{{ s.startswith('He') }} {{ s.endswith('ld') }} {{ s.startswith(('x', 'H')) }} {{ s.endswith('') }} {{ s.startswith('World', 6) }} {{ s.endswith('Hello', 0, 5) }} {{ 'é'.startswith('e') }} {{ 'e\u0301'.startswith('e') }} {{ s.startswith('o', 4, 2) }}
{{ s.startswith(1) }}
{{ s.find('o') }} {{ s.rfind('o') }} {{ s.find('zz') }} {{ u.find('日') }} {{ u.rfind('日') }} {{ s.index('W') }} {{ s.rindex('l') }} {{ s.count('l') }} {{ s.count('') }} {{ s.find('o', 5) }} {{ s.find('o', -4, -1) }} {{ s.find('') }} {{ s.rfind('') }} {{ s.count('o', 5) }} {{ 'aaaa'.count('aa') }} {{ 'aaaa'.rfind('aa') }} {{ s.find('', 99) }} {{ s.find('l', 3, 4) }}
{{ s.index('zz') }}
{{ s.replace('l', 'L') }} {{ s.replace('l', 'L', 1) }} {{ s.replace('l', 'L', -1) }} {{ 'aa'.replace('', '.') }} {{ ','.join(m) }} {{ ''.join('abc') }} {{ ', '.join(d) }} {{ 'ab'.removeprefix('a') }} {{ 'ab'.removesuffix('b') }} {{ 'ab'.removeprefix('x') }}
{{ ','.join(l) }}
{{ '12'.isdigit() }} {{ ''.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' \t'.isspace() }} {{ 'AB'.isupper() }} {{ 'ab'.islower() }} {{ '½'.isnumeric() }} {{ '½'.isdigit() }} {{ '²'.isdigit() }} {{ '²'.isdecimal() }} {{ 'é'.isalpha() }} {{ 'é'.isascii() }} {{ 'a\n'.isprintable() }} {{ '漢'.isalpha() }} {{ 'A1'.isupper() }}
[{{ '7'.zfill(3) }}] [{{ '-7'.zfill(4) }}] [{{ 'a'.center(4, '*') }}] [{{ 'ab'.center(5) }}] [{{ 'a'.ljust(3) }}] [{{ 'a'.rjust(3, '.') }}] [{{ 'abc'.ljust(2) }}]
{{ s.upper is callable }}{{ s.nope }}|{{ s.nope is defined }}
{{ s.nope() }}
{{ s.upper(1) }}
{{ d.get() }}
{{ d.nope() }}
{{ d.update({'a': 1}) }}
{{ d.pop('one') }}
{{ l.index(2) }} {{ l.count(1) }} {{ (1, 2, 1).count(1) }} {{ (1, 2).index(2) }} {{ l.copy() }} {{ d.copy() }}
{{ l.index(99) }}
{{ ''.__class__ }}|{{ d.__class__ is defined }}
{{ '' ~ (a, b) ~ {'k': a} ~ l[1:] }} {{ [a, [b, (f,)]] }} {{ {'a': missing, 'b': [none]} }}
{{ a if a is defined else b }} {{ (a, b)[0] }} {{ [a, b][-1] }} {{ {'k': {'j': 5}}.k.j }} {{ ('x' ~ 'y') | upper }} {{ 'x' ~ 'y' | upper }} {{ a + b | abs }} {{ (a + b) | abs }} {{ 2 * 3 + 4 * 5 - 6 // 4 }} {{ 10 - 2 - 3 }} {{ 2 + 3 ~ 4 }} {{ 7 - 2 ~ 1 }}
{{ not a == b }} {{ not a in l }} {{ a not in l }} {{ a in l or b in l }} {{ 1 == 1 == true }} {{ 1 in [1] == true }}
{{ [1, 2, 3,] }} {{ (1, 2,) }} {{ {'a': 1,} }} {{ d.get('one',) }}
{{ '{{' }} {{ '%}' }} {{ "}}" }} {{ {'a': {'b': 1}} }}{{ {'a':{}}}}
{% set long = 'x' %}{% for i in range(3) %}{% set long = long ~ i %}{% endfor %}{{ long }}
{{ "a" if false }}{{ "b" if true }}{{ none if true else 1 }}
{% set x = [1, 2] %}{% set y = x %}{{ x is sameas y }} {{ x is sameas [1, 2] }} {{ x == [1, 2] }}
{{ a.b is defined }} {{ none.b is defined }} {{ l.x is defined }}
{{ missing.b is defined }}
{{ [missing] }} {{ [missing] | tojson if false else 'skip' }} {{ missing == missing2 }} {{ missing == none }} {{ missing | length }} {{ missing | upper }}| {{ missing ~ 'x' }}
{{ loop.index }}
{% for i in [1] %}{{ loop }}{% endfor %}
{% macro m(a) %}{% set a = a + 1 %}{{ a }}{% endmacro %}{{ m(1) }}{{ a }}
{% for i in range(2) %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}
{% for i in range(2) %}{% set v = i %}{% if v is defined %}{{ v }}{% endif %}{% endfor %}{{ v is defined }}
{% for i in range(2) %}{{ v is defined }}{% set v = i %}{% endfor %}
{% set n2 = namespace(found=false) %}{% for i in l if not n2.found %}{{ i }}{% set n2.found = true %}{% endfor %}
{{ (l | map('string') | list)[0] ~ (m | join) }} {{ l | map('int') | sum }} {{ (p | first).role }} {{ p[0]['c']['t'] }} {{ p | map(attribute='role') | map('lower') | unique | join('/') }}
{{ "%d items" | format(l | length) }} {{ [1, 2, 3] | select('equalto', 2) | first }} {{ {'a': 1}.items() | list | first | last }}
""".strip("\n").split("\n")

# White space around tags, and what spans lines.
BLOCKS = [
    "{{ [\n 1,\n 2\n] }}{{ {\n 'a': 1 } }}",
    "{{- a -}}   x   {{- b -}}   y",
    "a {%- set v = 1 -%}   x   {%+ set w = 2 +%}\n   y\n",
    "  {% set v = 1 %}\n  {%+ set v = 1 %}\n  x {% set v = 1 %}  y\n\t{# comment #}\nz {# comment #}\n",
    "{% if a %}\n  indented\n    {% if b %}\n  deeper\n    {%- endif %}\n \n{% endif +%}\nend",
    "{%- for i in l -%}\n {{ i }}\n{%- endfor -%}\n",
    "{% for i in l %}\n  {{ i }}\n{% endfor %}\n\n",
    "{% for i in l %}\n  {{- i }},\n{%- endfor %}\n\n\n",
    "a\n  {#- c -#}  \n b {#- c #}\n c {# c -#} \n d {#+ c +#}\ne",
    "x\r\n{% if a %}\r\ny\r{% endif %}\r\nz\r\n",
    "  {{ a }}  \n  {{- b }}\n  {{+ a }}\n",
    "{{-1}}{{+1}}{{ -1 }}",
    "\n\n  {%- raw %}\n {{ x }} \n  {%- endraw %}\n  {% raw %}  {% y %}\n  {% endraw %}  z {% raw -%}  q  {%- endraw -%}  r",
    "{%raw%}{{%}}{%endraw%}",
    "{% set v %}\n  in\n{% endset %}\n[{{ v }}]",
    "{{ 'a\\\nb' }}{{ 'c\nd' }}",
    "\u2028 {%- if a %}x{% endif %}\u3000{%- if a %}y{% endif %}",
    "\u3000{% if a %}x{% endif %}\n\u3000{% if a %}\ny{% endif %}",
    "{% if a -%}   \n\n  x{% else +%}\n{% endif -%}\n\n  z",
    "a{# one #}{# two #}\n{# three #}b\n",
    "{#-#}x{#--#}y{#+#}\nz{#+\n#}\nw",
    "{{ a }}\n",
    "{{ a }}\n\n",
    "\n",
    "",
    "{ {% if a %}{ {}} %} #} }}{% endif %}",
    "{% macro f(x) %}\n  <{{ x }}>\n{% endmacro %}\n{{ f(1) }}{{ f(2) }}\n",
    "{% macro f(x) -%}\n  <{{ x }}>\n{%- endmacro %}\n{{ f(1) }}{{ f(2) }}\n",
    "{%\n  set v = [1,\n  2]\n%}\n{{ v\n  | join(\n ',' ) }}",
]

# Lists that a template changes. Hugging Face's sandbox refuses these, Jinja's other sandbox does not.
MUTATIONS = r"""
{% set v = [] %}{% for i in l %}{% set _ = v.append(i * 2) %}{% endfor %}{{ v }}
{% set v = [1] %}{% set w = v %}{{ v.append(2) }}{{ w }} {{ v.insert(0, 'a') }}{{ w }} {{ v.insert(-1, 'z') }}{{ v.pop() }}{{ v.pop(0) }}{{ w }}
{% set v = [1, 2, 3] %}{% set _ = v.extend([4, 5]) %}{% set _ = v.remove(2) %}{% set _ = v.reverse() %}{{ v }}{% set _ = v.clear() %}{{ v }}
{% set v = [] %}{{ v.pop() }}
{% set v = [1] %}{{ v.pop(4) }}
{% set v = [1] %}{{ v.remove(4) }}
{% set v = [1] %}{% for i in v %}{{ i }}{% if i < 4 %}{% set _ = v.append(i + 1) %}{% endif %}{% endfor %}{{ v }}
{% set ns = namespace(v=[]) %}{% macro add(x) %}{% set _ = ns.v.append(x) %}{% endmacro %}{{ add(1) }}{{ add('b') }}{{ ns.v }}
{% set w = [] %}{% set v = [w] * 2 %}{% set _ = v[0].append(1) %}{{ v }}
{{ l.append(9) }}{{ l }}
""".strip("\n").split("\n")


class Expressions:
    """Random expressions, more often meaningful than not."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def number(self, depth):
        pick = self.random.choice
        if depth <= 0:
            return pick(["a", "b", "z", "f", "g", "t", "0", "1", "2", "3", "10", "0.5", "1e3", "-1", "l[0]", "(l|length)"])
        left, right = self.number(depth - 1), self.number(depth - 1)
        return pick(
            [
                f"{left} + {right}",
                f"{left} - {right}",
                f"{left} * {right}",
                f"({left}) // ({right})",
                f"({left}) % ({right})",
                f"({left}) / ({right})",
                f"-({left})",
                f"({left})|abs",
                f"({left})|round({self.random.randint(-1, 2)})",
                f"({left})|int",
                f"({self.sequence(depth - 1)})|length",
                f"({self.text(depth - 1)})|length",
                f"({self.text(depth - 1)}).count({self.text(0)})",
                f"({self.text(depth - 1)}).find({self.text(0)})",
                f"[{left}, {right}]|max",
                f"[{left}, {right}]|sum",
                f"({left} if {self.truth(depth - 1)} else {right})",
            ]
        )

    def text(self, depth):
        pick = self.random.choice
        if depth <= 0:
            return pick(["s", "u", "w", "e", "q", "'a'", "'o'", "' x '", "'Hello'", "m[0]", "p[0].role", "'ΑΣ'", "'\\n'", "'l,o'"])
        left, right = self.text(depth - 1), self.text(depth - 1)
        return pick(
            [
                f"{left} + {right}",
                f"({left}) ~ ({self.anything(depth - 1)})",
                f"({left})|{pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'reverse', 'string', 'wordcount'])}",
                f"({left}).{pick(['strip', 'lstrip', 'rstrip', 'upper', 'lower', 'title', 'capitalize', 'swapcase'])}()",
                f"({left})|replace({self.text(0)}, {right})",
                f"({left}).replace({self.text(0)}, {self.text(0)}, {self.random.randint(-1, 3)})",
                f"({left})[{self.slice()}]",
                f"({self.anything(depth - 1)})|tojson",
                f"({self.anything(depth - 1)})|string",
                f"({self.sequence(depth - 1)})|join({self.text(0)})",
                f"({left}).split({self.text(0)})|join('/')",
                f"({left})|indent({self.random.randint(0, 3)}, {pick(['true', 'false'])})",
                f"({left}) * {self.random.randint(-1, 3)}",
                f"({left} if {self.truth(depth - 1)} else {right})",
                f"({left})|default({right}, {pick(['true', 'false'])})",
                f"('%s|%5s' % (({left}), ({self.anything(depth - 1)})))",
            ]
        )

    def slice(self):
        bound = lambda: self.random.choice(["", "", "0", "1", "2", "-1", "-2", "5", "100", "-100", "none"])
        step = self.random.choice(["", "", ":", ":2", ":-1", ":-2", ":3"])
        return f"{bound()}:{bound()}{step}"

    def sequence(self, depth):
        pick = self.random.choice
        if depth <= 0:
            return pick(["l", "m", "x", "d.keys()", "range(4)", "[]", "(1, 2)", "['b', 'a']", "d", "'xyz'", "d.values()"])
        inner = self.sequence(depth - 1)
        return pick(
            [
                f"[{self.anything(depth - 1)}, {self.anything(depth - 1)}]",
                f"({inner})|list",
                f"({inner})|sort|list",
                f"({inner})|map('string')|list",
                f"({inner})|map('upper')|sort",
                f"({inner})|select('string')|list",
                f"({inner})|reject('none')|list",
                f"({inner})|select|list",
                f"({inner})|reverse|list",
                f"({inner})|unique|list",
                f"(({inner})|list)[{self.slice()}]",
                f"({self.text(depth - 1)}).split()",
                f"({self.text(depth - 1)})|list",
                f"({inner})|batch(2)|list",
                f"p|selectattr('n', '{pick(['gt', 'lt', 'eq', '!='])}', {self.number(depth - 1)})|map(attribute='role')|list",
                f"(({inner})|list) + [{self.anything(depth - 1)}]",
            ]
        )

    def truth(self, depth):
        pick = self.random.choice
        if depth <= 0:
            return pick(["t", "n", "z", "e", "missing", "true", "false", "s", "l", "[]"])
        left, right = self.anything(depth - 1), self.anything(depth - 1)
        test = pick(["defined", "none", "string", "number", "mapping", "iterable", "sequence", "integer", "float", "boolean", "true", "false", "undefined"])
        return pick(
            [
                f"({left}) {pick(['==', '!=', '==', '<', '<=', '>', '>='])} ({right})",
                f"({self.number(depth - 1)}) {pick(['==', '!=', '<', '<=', '>', '>='])} ({self.number(depth - 1)})",
                f"({self.text(depth - 1)}) {pick(['==', '!=', '<', '<=', '>', '>='])} ({self.text(depth - 1)})",
                f"({left}) {pick(['in', 'not in'])} ({self.sequence(depth - 1)})",
                f"({self.text(0)}) in ({self.text(depth - 1)})",
                f"({left}) is {test}",
                f"({left}) is not {test}",
                f"not ({left})",
                f"({self.truth(depth - 1)}) {pick(['and', 'or'])} ({self.truth(depth - 1)})",
                f"({self.text(depth - 1)}).startswith({self.text(0)})",
            ]
        )

    def anything(self, depth):
        return self.random.choice([self.number, self.text, self.sequence, self.truth])(depth)

    def template(self):
        pick = self.random.choice
        mark = lambda: pick(["", "", "", "-", "+"])
        end = lambda: pick(["", "", "", "-"])
        space = lambda: pick(["", " ", "\n", "  \n  ", "\n\n", " t ", "\n  t"])
        print_ = lambda: f"{{{{{pick(['', '-'])} {self.anything(self.random.randint(1, 3))} {end()}}}}}"
        block = lambda words: f"{{%{mark()} {words} {end()}%}}"
        parts = [space()]
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.randint(0, 6)
            if kind == 0:
                parts += [block(f"if {self.truth(2)}"), space(), print_(), block("else"), space(), block("endif")]
            elif kind == 1:
                condition = pick(["", f" if {self.truth(1)}", " if i is not none"])
                parts += [block(f"for i in {self.sequence(1)}{condition}"), space(), "{{ i }}"]
                parts += [pick(["", "{{ loop.index }}", "{{ ',' if not loop.last }}", "{% if loop.first %}{% continue %}{% endif %}"])]
                parts += [space(), block("endfor")]
            elif kind == 2:
                parts += [block(f"set v = {self.anything(2)}"), space(), "{{ v }}"]
            elif kind == 3:
                parts += [block("set v"), space(), print_(), space(), block("endset"), "{{ v | trim }}"]
            elif kind == 4:
                parts += [f"{{#{mark()} {pick(['note', '{{ x }}', ''])} {end()}#}}"]
            else:
                parts += [print_()]
            parts.append(space())
        return "".join(parts)
