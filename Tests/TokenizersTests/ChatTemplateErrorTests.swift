import Testing
import Tokenizers

@Suite("Errors of chat templates")
struct ChatTemplateErrorTests {
    @Test(
        "say the line, what was expected and what was found",
        arguments: [
            ("a\n{{ b", "chat template, line 2: expected '}}', found the end of the template"),
            (
                "{% if a %}\nb",
                "chat template, line 2: expected '{% endif %}' for '{% if %}', found the end of the template"
            ),
            ("\n\n{{ 1 + }}", "chat template, line 3: expected an expression, found '}}'"),
            ("{{ (1 }}", "chat template, line 1: expected ')', found '}'"),
            ("{% for x y %}", "chat template, line 1: expected 'in', found 'y'"),
            ("{% nope %}", "chat template, line 1: unknown tag '{% nope %}'"),
            ("{% include 'a' %}", "chat template, line 1: the tag '{% include %}' is not supported"),
            ("\n{{ 1 | xmlattr }}", "chat template, line 2: the filter 'xmlattr' is not supported"),
            ("{{ 1 is nope }}", "chat template, line 1: the test 'nope' is not supported"),
            (
                "{{ 'abc }}",
                "chat template, line 1: expected the string's closing ', found the end of the template"
            ),
            ("{# abc", "chat template, line 1: expected '#}', found the end of the template"),
            ("{{ a\n.b.c }}", "chat template, line 1: 'a' is undefined"),
            (
                "{% set a = {} %}\n\n{{ a.b.c }}",
                "chat template, line 3: a value of type dict has no member 'b'"
            ),
            ("{{ 1\n+ 'a' }}", "chat template, line 1: '+' has no meaning between types int and str"),
            ("{{ 1 // 0 }}", "chat template, line 1: division by zero"),
            ("{{ 'a'.encode() }}", "chat template, line 1: the method 'encode' of a text is not supported"),
            (
                "\n{{ raise_exception('no ' ~ 1) }}",
                "chat template, line 2: the template refuses this conversation: no 1"
            ),
            ("{% break %}", "chat template, line 1: 'break' stands outside of a loop"),
            ("{{ 'a' | replace('b') }}", "chat template, line 1: 'replace' expects its argument 'new'"),
        ])
    func messages(source: String, expected: String) {
        #expect {
            try ChatTemplate(source).render(variables: [:])
        } throws: {
            let error = $0 as? ChatTemplateError
            if error?.description != expected { print("got: \(error?.description ?? "none")") }
            return error?.description == expected
        }
    }

    @Test("of refusals carry the template's own words")
    func refusal() throws {
        let template = try ChatTemplate("{{ raise_exception('Roles must alternate') }}")
        #expect(throws: ChatTemplateError(.raised, line: 1, "Roles must alternate")) {
            try template.render(messages: [.user("a")])
        }
    }

    @Test("the clock can be fixed")
    func clock() throws {
        let template = try ChatTemplate("{{ strftime_now('%d %b %Y') }}")
        #expect(try template.render(variables: [:], clock: .fixed(unixSeconds: 0)) == "01 Jan 1970")
        #expect(try template.render(variables: [:]).utf8.count == 11)
    }
}
