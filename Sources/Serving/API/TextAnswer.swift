import JSON
import MInference

/// Builds the objects that answer a text completion, whole or in pieces; choices of all prompts are counted through.
package struct TextAnswer: Sendable {
    private struct Choice: Sendable {
        var text = ""
        var logProbabilities: TextLogProbabilities
        var end: String?
    }

    private let identity: AnswerIdentity
    private let tellsUsage: Bool
    private let withReport: Bool
    private let answers: Int
    private let answersNothing: Bool
    private let tellsPrompts: Bool
    private var choices: [Choice]
    private var usage = Usage()
    private var extensions: [JSONValue] = []

    /// The answer to `request`; `echoes` are the texts that choices begin with, one per prompt, or empty.
    package init(_ request: TextCompletionRequest, identity: AnswerIdentity, echoes: [String]) {
        self.identity = identity
        tellsUsage = request.sampling.includeUsage
        withReport = request.sampling.extensions.report
        answers = request.sampling.answers
        answersNothing = request.answersNothing
        tellsPrompts = request.tellsPrompts
        choices = (0..<request.prompts.count * request.sampling.answers).map { index in
            let text = echoes.isEmpty ? "" : echoes[index / request.sampling.answers]
            // The tokens of a prompt that are told move the offset themselves.
            let offset = request.tellsPrompts ? 0 : text.unicodeScalars.count
            return Choice(text: text, logProbabilities: TextLogProbabilities(offset: offset))
        }
    }

    // MARK: Whole

    /// Takes the tokens of a prompt.
    package mutating func append(tokens: [TokenDetail], prompt: Int) {
        for index in prompt * answers..<(prompt + 1) * answers {
            choices[index].logProbabilities.append(prompt: tokens)
        }
    }

    /// Takes a piece of the answer to a prompt.
    package mutating func append(_ piece: AnswerPiece, prompt: Int) {
        let piece = answersNothing ? piece.withoutText : piece
        let index = prompt * answers + piece.answer
        choices[index].text += piece.text
        if let token = piece.token { choices[index].logProbabilities.append(token) }
        if let end = piece.end { choices[index].end = end.rawValue }
    }

    /// Takes what the answers to a prompt took.
    package mutating func append(_ summary: JobSummary) {
        var counted = summary
        if answersNothing { counted.answerTokens = 0 }
        usage.add(counted)
        extensions.append(summary.extensionsJSON(withReport: withReport))
    }

    /// The whole answer.
    package var json: JSONValue {
        let list = choices.enumerated().map { index, choice in
            Self.choice(
                index, text: choice.text, logProbabilities: choice.logProbabilities.json,
                end: choice.end.map(JSONValue.string) ?? .null)
        }
        return identity.object("text_completion", [.init(key: "choices", value: .array(list))] + totals)
    }

    // MARK: In pieces

    /// The first event of each choice that begins with its prompt and does not wait for the prompt's tokens.
    package var openings: [JSONValue] {
        if tellsPrompts { return [] }
        return choices.enumerated().filter { !$1.text.isEmpty }.map { index, choice in
            event([Self.choice(index, text: choice.text)])
        }
    }

    /// The events of the tokens of a prompt, which this takes, too.
    package mutating func take(tokens: [TokenDetail], prompt: Int) -> [JSONValue] {
        append(tokens: tokens, prompt: prompt)
        return (prompt * answers..<(prompt + 1) * answers).map { index in
            let choice = choices[index]
            return event([
                Self.choice(index, text: choice.text, logProbabilities: choice.logProbabilities.json)
            ])
        }
    }

    /// The event of a piece of the answer to a prompt, which this takes, too; nil when there is nothing to tell.
    package mutating func take(_ piece: AnswerPiece, prompt: Int) -> JSONValue? {
        let piece = answersNothing ? piece.withoutText : piece
        let index = prompt * answers + piece.answer
        var logProbabilities = TextLogProbabilities(offset: choices[index].logProbabilities.end)
        if let token = piece.token { logProbabilities.append(token) }
        append(piece, prompt: prompt)
        guard !piece.text.isEmpty || piece.end != nil || logProbabilities.json != .null else { return nil }
        return event([
            Self.choice(
                index, text: piece.text, logProbabilities: logProbabilities.json,
                end: piece.end.map { .string($0.rawValue) } ?? .null)
        ])
    }

    /// The event that tells how far a prompt is.
    package func event(_ progress: PromptProgress) -> JSONValue {
        event([], [.init(key: "minference", value: ["prompt_progress": progress.json])])
    }

    /// The last events.
    package var closing: [JSONValue] {
        guard tellsUsage || withReport else { return [] }
        return [identity.object("text_completion", [.init(key: "choices", value: .array([]))] + totals)]
    }

    private var totals: [JSONValue.Member] {
        [
            .init(key: "usage", value: usage.json),
            .init(key: "minference", value: extensions.count == 1 ? extensions[0] : .array(extensions)),
        ]
    }

    private static func choice(
        _ index: Int, text: String, logProbabilities: JSONValue = .null, end: JSONValue = .null
    ) -> JSONValue {
        ["index": .int(index), "text": .string(text), "logprobs": logProbabilities, "finish_reason": end]
    }

    private func event(_ choices: [JSONValue], _ members: [JSONValue.Member] = []) -> JSONValue {
        identity.object(
            "text_completion",
            [.init(key: "choices", value: .array(choices))] + members
                + (tellsUsage ? [.init(key: "usage", value: .null)] : []))
    }
}

extension AnswerPiece {
    /// The end of an answer of no tokens.
    fileprivate var withoutText: AnswerPiece {
        AnswerPiece(answer: answer, text: "", end: end == nil ? nil : .length)
    }
}
