import JSON
import SparseAttention

/// The object `minference` of a request: how its prompt is processed, and what is told about it.
package struct ExtensionFields: Sendable, Equatable {
    /// The attention method with its options, as `minference methods` lists them.
    package var method: String?
    /// What each sparse head keeps.
    package var budget: VerticalSlashBudget?
    /// The least share of attention mass that every head keeps.
    package var minRecall: Double?
    /// Over which rows indexes are estimated.
    package var estimation: Estimation?
    /// Whether a stream tells how far the prompt is.
    package var returnsProgress = false
    /// Whether the answer tells what attention kept, per layer and head.
    package var report = false
    /// Whether the report has a small picture of what each head computed.
    package var masks = false

    /// Nothing asked for.
    package init() {}

    /// Reads and checks the members.
    package init(_ fields: RequestFields) throws(APIError) {
        method = try fields.string("method")
        if let method {
            guard !method.contains("/"), !method.contains("file="), !method.contains("patterns=") else {
                throw .invalid(
                    fields.path(of: "method"), "a request cannot name files of the server",
                    code: "invalid_value")
            }
        }
        if let text = try Self.text(fields, "budget") {
            guard let parsed = VerticalSlashBudget(parsing: text) else {
                throw .invalid(
                    fields.path(of: "budget"),
                    "budget must be a share such as 0.95, or counts such as \"1000,6096\"",
                    code: "invalid_value")
            }
            budget = parsed
        }
        minRecall = try fields.double("min_recall", in: 0...1)
        if let text = try fields.string("estimation") {
            guard text == "prompt" || text == "chunks" else {
                throw .invalid(
                    fields.path(of: "estimation"), "estimation must be \"chunks\" or \"prompt\"",
                    code: "invalid_value")
            }
            estimation = text == "prompt" ? .prompt : nil
        }
        returnsProgress = try fields.bool("return_progress") ?? false
        report = try fields.bool("report") ?? false
        masks = try fields.bool("masks") ?? false
    }

    /// A member that may be a text or a number.
    private static func text(_ fields: RequestFields, _ key: String) throws(APIError) -> String? {
        if let number = fields[key]?.double { return "\(number)" }
        return try fields.string(key)
    }
}
