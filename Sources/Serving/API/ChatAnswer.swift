import JSON
import MInference

/// Builds the objects that answer a chat completion, whole or in pieces.
package struct ChatAnswer: Sendable {
    private struct Choice: Sendable {
        var text = ""
        var tokens: [JSONValue] = []
        var end: String?
        var parser: ToolCallParser?
        var calls: [JSONValue] = []

        /// Tells calls from text.
        mutating func take(_ piece: AnswerPiece) -> (text: String, calls: [JSONValue]) {
            guard parser != nil else { return (piece.text, []) }
            var parts = parser?.append(piece.text) ?? []
            if piece.end != nil { parts += parser?.finish() ?? [] }
            var (text, new) = ("", [JSONValue]())
            for part in parts {
                switch part {
                case .text(let more): text += more
                case .call(let call):
                    let number = calls.count + new.count
                    new.append(
                        [
                            "index": .int(number), "id": .string(AnswerIdentity.fresh("call_")),
                            "type": "function",
                            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                        ])
                }
            }
            calls += new
            return (text, new)
        }

        /// Why the answer ended, where calls are a reason of their own.
        func reason(_ end: StopReason) -> String {
            end == .stop && !calls.isEmpty ? "tool_calls" : end.rawValue
        }
    }

    private let identity: AnswerIdentity
    private let tellsUsage: Bool
    private let withReport: Bool
    private let hasLogProbabilities: Bool
    private var choices: [Choice]

    /// The answer to `request`, in which calls of tools are told from text when `calls` says how.
    package init(
        _ request: ChatCompletionRequest, identity: AnswerIdentity, calls: ToolCallFormat? = nil
    ) {
        self.identity = identity
        tellsUsage = request.sampling.includeUsage
        withReport = request.sampling.extensions.report
        hasLogProbabilities = request.logProbabilities != nil
        choices = Array(
            repeating: Choice(parser: calls.map { ToolCallParser($0) }), count: request.sampling.answers)
    }

    // MARK: Whole

    /// Takes a piece of the whole answer.
    package mutating func append(_ piece: AnswerPiece) {
        let text = choices[piece.answer].take(piece).text
        choices[piece.answer].text += text
        if let token = piece.token?.chatJSON { choices[piece.answer].tokens.append(token) }
        if let end = piece.end { choices[piece.answer].end = choices[piece.answer].reason(end) }
    }

    /// The whole answer.
    package func json(_ summary: JobSummary) -> JSONValue {
        var usage = Usage()
        usage.add(summary)
        let list = choices.enumerated().map { index, choice -> JSONValue in
            [
                "index": .int(index),
                "message": Self.message(choice),
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

    private static func message(_ choice: Choice) -> JSONValue {
        guard !choice.calls.isEmpty else {
            return ["role": "assistant", "content": .string(choice.text), "refusal": nil]
        }
        // Only streams number calls.
        let calls = choice.calls.map { call in
            JSONValue.object((call.members ?? []).filter { $0.key != "index" })
        }
        return [
            "role": "assistant", "content": choice.text.isEmpty ? .null : .string(choice.text),
            "refusal": nil, "tool_calls": .array(calls),
        ]
    }

    // MARK: In pieces

    /// The first event of a choice, which says who speaks.
    package func opening(_ index: Int) -> JSONValue {
        chunk([choice(index, delta: ["role": "assistant", "content": ""])])
    }

    /// The events of a piece of the answer.
    package mutating func events(_ piece: AnswerPiece) -> [JSONValue] {
        var events: [JSONValue] = []
        let token = piece.token?.chatJSON
        let (text, calls) = choices[piece.answer].take(piece)
        if !text.isEmpty || token != nil {
            events.append(
                chunk([
                    choice(
                        piece.answer, delta: ["content": .string(text)],
                        logProbabilities: token.map { ["content": [$0], "refusal": nil] } ?? .null)
                ]))
        }
        if !calls.isEmpty {
            events.append(chunk([choice(piece.answer, delta: ["tool_calls": .array(calls)])]))
        }
        if let end = piece.end {
            let reason = choices[piece.answer].reason(end)
            events.append(chunk([choice(piece.answer, delta: .object([]), end: .string(reason))]))
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
