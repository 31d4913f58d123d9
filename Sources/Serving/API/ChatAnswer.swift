import JSON
import MInference

/// Builds the objects that answer a chat completion, whole or in pieces.
package struct ChatAnswer: Sendable {
    private struct Choice: Sendable {
        var text = ""
        var tokens: [JSONValue] = []
        var end: String?
    }

    private let identity: AnswerIdentity
    private let tellsUsage: Bool
    private let withReport: Bool
    private let hasLogProbabilities: Bool
    private var choices: [Choice]

    /// The answer to `request`.
    package init(_ request: ChatCompletionRequest, identity: AnswerIdentity) {
        self.identity = identity
        tellsUsage = request.sampling.includeUsage
        withReport = request.sampling.extensions.report
        hasLogProbabilities = request.logProbabilities != nil
        choices = Array(repeating: Choice(), count: request.sampling.answers)
    }

    // MARK: Whole

    /// Takes a piece of the whole answer.
    package mutating func append(_ piece: AnswerPiece) {
        choices[piece.answer].text += piece.text
        if let token = piece.token?.chatJSON { choices[piece.answer].tokens.append(token) }
        if let end = piece.end { choices[piece.answer].end = end.rawValue }
    }

    /// The whole answer.
    package func json(_ summary: JobSummary) -> JSONValue {
        var usage = Usage()
        usage.add(summary)
        let list = choices.enumerated().map { index, choice -> JSONValue in
            [
                "index": .int(index),
                "message": ["role": "assistant", "content": .string(choice.text), "refusal": nil],
                "logprobs": hasLogProbabilities ? ["content": .array(choice.tokens), "refusal": nil] : .null,
                "finish_reason": choice.end.map(JSONValue.string) ?? .null,
            ]
        }
        return identity.object(
            "chat.completion",
            [
                .init(key: "choices", value: .array(list)), .init(key: "usage", value: usage.json),
                .init(key: "minference", value: summary.extensionsJSON(withReport: withReport)),
            ])
    }

    // MARK: In pieces

    /// The first event of a choice, which says who speaks.
    package func opening(_ index: Int) -> JSONValue {
        chunk([choice(index, delta: ["role": "assistant", "content": ""])])
    }

    /// The events of a piece of the answer.
    package func events(_ piece: AnswerPiece) -> [JSONValue] {
        var events: [JSONValue] = []
        let token = piece.token?.chatJSON
        if !piece.text.isEmpty || token != nil {
            events.append(
                chunk([
                    choice(
                        piece.answer, delta: ["content": .string(piece.text)],
                        logProbabilities: token.map { ["content": [$0], "refusal": nil] } ?? .null)
                ]))
        }
        if let end = piece.end {
            events.append(chunk([choice(piece.answer, delta: .object([]), end: .string(end.rawValue))]))
        }
        return events
    }

    /// The event that tells how far the prompt is.
    package func event(_ progress: PromptProgress) -> JSONValue {
        chunk([], [.init(key: "minference", value: ["prompt_progress": progress.json])])
    }

    /// The last events: counts if asked for, and what this server tells beyond.
    package func closing(_ summary: JobSummary) -> [JSONValue] {
        var usage = Usage()
        usage.add(summary)
        guard tellsUsage || withReport else { return [] }
        let members: [JSONValue.Member] = [
            .init(key: "usage", value: usage.json),
            .init(key: "minference", value: summary.extensionsJSON(withReport: withReport)),
        ]
        return [
            identity.object("chat.completion.chunk", [.init(key: "choices", value: .array([]))] + members)
        ]
    }

    private func choice(
        _ index: Int, delta: JSONValue, logProbabilities: JSONValue = .null, end: JSONValue = .null
    ) -> JSONValue {
        ["index": .int(index), "delta": delta, "logprobs": logProbabilities, "finish_reason": end]
    }

    private func chunk(_ choices: [JSONValue], _ members: [JSONValue.Member] = []) -> JSONValue {
        identity.object(
            "chat.completion.chunk",
            [.init(key: "choices", value: .array(choices))] + members
                + (tellsUsage ? [.init(key: "usage", value: .null)] : []))
    }
}
