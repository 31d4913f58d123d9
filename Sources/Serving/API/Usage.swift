import JSON
import SparseAttention

/// Counts of tokens, as clients of OpenAI's API know them.
package struct Usage: Sendable, Equatable {
    package var promptTokens = 0
    package var cachedTokens = 0
    package var answerTokens = 0

    /// Counts of nothing.
    package init() {}

    /// Adds what another prompt of the same request took.
    package mutating func add(_ summary: JobSummary) {
        promptTokens += summary.promptTokens
        cachedTokens += summary.cachedTokens
        answerTokens += summary.answerTokens
    }

    /// `prompt_tokens`, `completion_tokens`, `total_tokens`, and of the first the cached ones.
    package var json: JSONValue {
        [
            "prompt_tokens": .int(promptTokens), "completion_tokens": .int(answerTokens),
            "total_tokens": .int(promptTokens + answerTokens),
            "prompt_tokens_details": ["cached_tokens": .int(cachedTokens)],
        ]
    }
}

extension JobSummary {
    /// The object `minference` of an answer: times in milliseconds, and the report when asked for.
    package func extensionsJSON(withReport: Bool) -> JSONValue {
        func milliseconds(_ seconds: Double) -> JSONValue { .double((seconds * 1e6).rounded() / 1e3) }
        var members: [JSONValue.Member] = [
            .init(
                key: "timings",
                value: [
                    "queue_ms": milliseconds(queueSeconds), "first_token_ms": milliseconds(firstTokenSeconds),
                    "total_ms": milliseconds(totalSeconds),
                ])
        ]
        if let report {
            members.append(.init(key: "attention", value: withReport ? report.json : report.summary))
        }
        return .object(members)
    }
}

extension PromptProgress {
    /// `{total, cached, processed, time_ms}`.
    package var json: JSONValue {
        [
            "total": .int(total), "cached": .int(cached), "processed": .int(processed),
            "time_ms": .int(milliseconds),
        ]
    }
}
