import JSON

/// How a family of models writes the calls of tools into its answers.
public struct ToolCallFormat: RawRepresentable, Sendable, Hashable {
    /// The family's name.
    public let rawValue: String

    /// A format by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// `<tool_call>{"name": ..., "arguments": ...}</tool_call>`: Hermes and Qwen.
    public static let hermes = ToolCallFormat(rawValue: "hermes")
    /// `{"name": ..., "parameters": ...}`, alone or after `<|python_tag|>`: Llama from 3.1 on.
    public static let llama = ToolCallFormat(rawValue: "llama")
    /// `[TOOL_CALLS][{"name": ..., "arguments": ...}]`, or `[TOOL_CALLS]name[ARGS]{...}`: Mistral.
    public static let mistral = ToolCallFormat(rawValue: "mistral")

    /// The format that a chat template teaches; nil for a template without tools.
    public init?(template: String) {
        guard template.contains("tools") else { return nil }
        if template.contains("[TOOL_CALLS]") {
            self = .mistral
        } else if template.contains("<tool_call>") {
            self = .hermes
        } else if template.contains("<|python_tag|>") || template.contains("\"parameters\":") {
            self = .llama
        } else {
            return nil
        }
    }

    /// What begins calls in a text.
    var opening: String {
        switch self {
        case .hermes: "<tool_call>"
        case .mistral: "[TOOL_CALLS]"
        default: "<|python_tag|>"
        }
    }

    /// An answer that is a call of one of `tools` and nothing else.
    ///
    /// - Parameters:
    ///   - tools: the tools that may be called, at least one.
    ///   - marker: the bytes of a marker, which may be a special token.
    /// - Throws: what of a tool's parameters cannot be followed.
    package func grammar(
        calling tools: [Tool], marker: (String) -> [UInt8]
    ) throws(JSONSchemaError) -> ByteGrammar {
        var grammar = ByteGrammar()
        let member = self == .llama ? "parameters" : "arguments"
        var calls: [ByteGrammar.NodeID] = []
        for tool in tools {
            let arguments = try SchemaCompiler.add(tool.parameters, to: &grammar)
            let name = JSONValue.string(tool.name).text()
            calls.append(
                grammar.sequence([
                    grammar.literal("{\"name\": \(name), \"\(member)\": "), arguments, grammar.literal("}"),
                ]))
        }
        let call = grammar.choice(calls)
        let opening = grammar.literal(marker(self.opening))
        let whole: ByteGrammar.NodeID =
            switch self {
            case .hermes:
                grammar.sequence([
                    opening, grammar.literal("\n"), call, grammar.literal("\n"),
                    grammar.literal(marker("</tool_call>")),
                ])
            case .mistral:
                grammar.sequence([opening, grammar.literal("["), call, grammar.literal("]")])
            default: call
            }
        guard grammar.finish(whole) else { throw .unsatisfiable(path: "") }
        return grammar
    }
}
