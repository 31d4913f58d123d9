import JSON
import Testing
import Tokenizers

@Suite("Mutated chat templates")
struct ChatTemplateFuzzTests {
    /// A small generator of random numbers that is the same everywhere.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static let tokens = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "(", ")", "[", "]", "|", ".", ",", ":", "'", "\"", "\\",
        "\n", " ",
        "{% if ", "{% endif %}", "{% for i in ", "{% endfor %}", "{% set ", "{% endset %}",
        "{% macro m(a) %}",
        "{% endmacro %}", "loop", "namespace", "range(", "messages", " in ", " is ", " not ", "| tojson",
        "| list",
        "[::-1]", "[-1:]", "**", "//", "%", "~", "none", "9223372036854775807", "-1", "1e308", "0", "🙂",
        "\u{0}", "\r",
        "{% raw %}", "{% endraw %}", ".append(", ".split(", " if ", " else ", "caller()", "{% call ",
        "{% break %}",
    ]

    static let sources: [String] = {
        let families = ChatTemplateGoldens.families["families"]?.array ?? []
        let snippets = ChatTemplateGoldens.snippets["cases"]?.array ?? []
        return (families + snippets).compactMap { $0["template"]?.string }
    }()

    @Test("give a prompt or an error, never a crash or a hang", arguments: 0..<8)
    func mutants(seed: UInt64) throws {
        var generator = Generator(state: seed)
        var variables = ChatTemplateGoldens.variables(ChatTemplateGoldens.snippets["context"])
        let messages = ChatTemplateGoldens.families["conversations"]?["tool-call"]?.array ?? []
        variables["messages"] = .array(messages.map { TemplateValue($0) })
        variables["tools"] = TemplateValue(ChatTemplateGoldens.families["tools"]?["two"] ?? .null)
        let limits = ChatTemplateLimits(outputBytes: 1 << 20, steps: 50_000)
        var rendered = 0
        for _ in 0..<1000 {
            let source = Self.mutant(&generator)
            guard let template = try? ChatTemplate(source) else { continue }
            rendered += 1
            _ = try? template.render(variables: variables, clock: .fixed(unixSeconds: 0), limits: limits)
        }
        #expect(rendered > 100)
    }

    private static func mutant(_ generator: inout Generator) -> String {
        var scalars = Array(sources[Int.random(in: 0..<sources.count, using: &generator)].unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let start = Int.random(in: 0...scalars.count, using: &generator)
            let end = min(scalars.count, start + Int.random(in: 0...8, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: scalars.removeSubrange(start..<end)
            case 1: scalars.insert(contentsOf: Array(scalars[start..<end]), at: start)
            default:
                let token = tokens[Int.random(in: 0..<tokens.count, using: &generator)]
                scalars.insert(contentsOf: Array(token.unicodeScalars), at: start)
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
