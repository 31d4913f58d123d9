import Testing
import Tokenizers

@Suite("Hostile chat templates")
struct ChatTemplateLimitTests {
    /// Templates that would run for ever, or use all memory or the whole stack.
    static let costly = [
        "{% for i in range(1000000000) %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
        "{{ 'a' * 10**15 }}",
        "{{ [0] * 10**15 }}",
        "{{ ('a' * 1000000 * 1000000) }}",
        "{{ 'x' | center(10**14) }}",
        "{{ 'x'.ljust(10**14) }}",
        "{{ 'x'.zfill(10**14) }}",
        "{{ 'a\nb' | indent(10**14) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ [1, [2]] | tojson(indent=10**14) }}",
        "{{ [1] | batch(10**14, 'x') | list }}",
        "{{ [1] | slice(10**14) | list }}",
        "{% set s = 'ab' * 1000000 %}{{ s | replace('', s) }}",
        "{% set s = 'ab' * 1000000 %}{{ s.replace('a', s) }}",
        "{% set s = 'ab' * 1000000 %}{{ s | list | join(s) }}",
        "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(1000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=1) %}{% for i in range(1000) %}{% set ns.s = {'k': ns.s} %}{% endfor %}",
        "{% set l = [] %}{{ l.append(l) }}{{ l }}",
        "{% set l = [] %}{{ l.append(l) }}{{ l | tojson }}",
        "{% set l = [1] %}{% for i in l %}{{ l.append(i) }}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.self = ns %}{{ ns }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ -9223372036854775807 - 2 }}",
        "{{ 9223372036854775807 * 2 }}",
        "{{ (-9223372036854775807 - 1) // -1 }}",
        "{{ -(-9223372036854775807 - 1) }}",
        "{{ (-9223372036854775807 - 1) | abs }}",
        "{{ 3 ** 9223372036854775807 }}",
        "{{ 9223372036854775808 }}",
        "{{ 1e300 | int }}",
        "{{ range(-9223372036854775807, 9223372036854775807) }}",
        "{{ 9223372036854775807 | round(-1) }}",
    ]

    @Test("cost too much", arguments: costly)
    func expense(source: String) {
        #expect {
            try ChatTemplate(source).render(
                variables: [:], limits: ChatTemplateLimits(outputBytes: 16 << 20, steps: 1_000_000))
        } throws: {
            ($0 as? ChatTemplateError)?.kind == .limitExceeded
        }
    }

    @Test(
        "nested too deep are refused without a crash",
        arguments: [
            ("(", "1", ")"), ("[", "", "]"), ("{'a':", "1", "}"), ("not ", "1", ""), ("-", "1", ""),
            ("", "x", "[0]"),
            ("", "x", ".a"), ("", "x", "|trim"), ("", "f", "()"), ("1 if ", "1", " else 1"),
            ("1 if 1 else ", "1", ""), ("", "1", " if 1"), ("x[", "0", "]"), ("f(", "0", ")"),
            ("a[1:", "1", "]"),
            ("f(*", "0", ")"), ("f(a=", "0", ")"),
        ])
    func deep(opening: String, middle: String, closing: String) {
        let source =
            "{{ " + String(repeating: opening, count: 20_000) + middle
            + String(repeating: closing, count: 20_000)
            + " }}"
        #expect {
            try ChatTemplate(source)
        } throws: {
            ($0 as? ChatTemplateError)?.kind == .limitExceeded
        }
    }

    @Test(
        "blocks nested too deep are refused without a crash",
        arguments: [
            "{% if 1 %}", "{% for i in x %}", "{% set v %}", "{% filter trim %}", "{% macro f() %}",
            "{% call f() %}",
        ]
    )
    func deepBlocks(tag: String) {
        #expect {
            try ChatTemplate(String(repeating: tag, count: 20_000))
        } throws: {
            ($0 as? ChatTemplateError)?.kind == .limitExceeded
        }
    }

    @Test("long chains of operators are no nesting")
    func chains() throws {
        for (symbol, expected) in [
            ("+", "10000"), ("and", "1"), ("~", String(repeating: "1", count: 10_000)),
        ] {
            let source = "{{ " + Array(repeating: "1", count: 10_000).joined(separator: " \(symbol) ") + " }}"
            #expect(try ChatTemplate(source).render(variables: [:]) == expected)
        }
    }

    @Test(
        "chains of references are released without recursion",
        arguments: [
            "{% set ns = namespace(v=none) %}{% for i in range(100000) %}{% set l = [] %}{% set _ = l.append(ns.v) %}{% set ns.v = l %}{% endfor %}",
            "{% set ns = namespace(v=none) %}{% for i in range(100000) %}{% set ns.v = namespace(v=ns.v) %}{% endfor %}",
            "{% set ns = namespace(v=none) %}{% for i in range(50000) %}{% for j in [[ns.v]] %}{% set ns.v = loop %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(v=none) %}{% for i in range(50000) %}{% set o = ns.v %}{% macro m() %}{{ o }}{% endmacro %}{% set ns.v = m %}{% endfor %}",
            "{% set ns = namespace(v='') %}{% for i in range(50000) %}{% set ns.v = ns.v.strip %}{% endfor %}",
        ])
    func release(source: String) {
        // Whether it is an error does not matter, only that the stack survives.
        _ = try? ChatTemplate(source).render(variables: [:])
    }

    @Test("limits can be set")
    func limits() throws {
        let template = try ChatTemplate("{% for i in range(100) %}0123456789{% endfor %}")
        #expect(try template.render(variables: [:]).utf8.count == 1000)
        for limits in [ChatTemplateLimits(outputBytes: 999), ChatTemplateLimits(steps: 100)] {
            #expect(throws: ChatTemplateError.self) { try template.render(variables: [:], limits: limits) }
        }
    }

    @Test("long conversations pass in linear time")
    func longConversation() throws {
        let template = try ChatTemplate(
            "{% for m in messages %}{{ '<' + m.role + '>' + m.content | trim + ('x' if 'zzz' in m.content else '') }}{% endfor %}"
        )
        let text = String(repeating: "some words ", count: 500_000)
        let prompt = try template.render(messages: [.user(text), .assistant(text)])
        #expect(prompt.utf8.count > 10_000_000)
    }
}
