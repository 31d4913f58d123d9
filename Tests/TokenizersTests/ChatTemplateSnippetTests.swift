import JSON
import Testing
import Tokenizers

@Suite("Jinja in chat templates")
struct ChatTemplateSnippetTests {
    static let cases = ChatTemplateGoldens.snippets["cases"]?.array ?? []

    @Test("small templates render as in Jinja2")
    func snippets() throws {
        let goldens = ChatTemplateGoldens.snippets
        let variables = ChatTemplateGoldens.variables(goldens["context"])
        #expect(Self.cases.count >= 700)
        for golden in Self.cases {
            let source = try #require(golden["template"]?.string)
            let (outcome, error) = ChatTemplateOutcome.of { () throws(ChatTemplateError) in
                try ChatTemplate(source).render(
                    variables: variables, clock: ChatTemplateGoldens.clock(of: goldens))
            }
            let expected = ChatTemplateOutcome(golden)
            let agrees = outcome.agrees(with: expected)
            #expect(
                agrees,
                "\(source.debugDescription): \(outcome), expected \(expected), \(error?.description ?? "no error")"
            )
        }
    }
}
