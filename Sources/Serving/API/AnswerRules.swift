import JSON
import MInference

/// What `response_format`, `tools` and `tool_choice` of a request ask for.
package struct AnswerRules: Sendable {
    /// Which tool an answer calls.
    package enum ToolChoice: Sendable, Equatable {
        /// None: the model is not told of tools.
        case none
        /// What the model thinks right.
        case auto
        /// One of them.
        case required
        /// This one.
        case named(String)
    }

    /// What the answer must be.
    package private(set) var responseFormat = ResponseFormat.text
    /// The tools.
    package private(set) var tools: [Tool] = []
    /// Which of them the answer calls.
    package private(set) var toolChoice = ToolChoice.auto

    /// Reads and checks the members of a request.
    package init(_ fields: RequestFields) throws(APIError) {
        let hasFormat = try readFormat(fields)
        try readTools(fields)
        try readChoice(fields)
        guard hasFormat, !tools.isEmpty, toolChoice != .none else { return }
        throw .invalid(
            "response_format", "response_format together with tools is not supported; leave one out",
            code: "unsupported_value")
    }

    /// The tools that the model is told of.
    package var offeredTools: [Tool] { toolChoice == .none ? [] : tools }

    /// How calls are told from an answer's text; nil when none can come.
    ///
    /// - Throws: status 400 when the model's chat template does not know tools.
    package func toolCallFormat(of model: ModelContainer) throws(APIError) -> ToolCallFormat? {
        guard !offeredTools.isEmpty else { return nil }
        guard let format = model.toolCallFormat else {
            throw .invalid(
                "tools", "the chat template of this model does not know tools; leave them out",
                code: "unsupported_value")
        }
        return format
    }

    /// Makes an answer to `parameters` keep the rules.
    ///
    /// - Throws: status 400 for parameters of a tool that cannot be followed.
    package func apply(to parameters: inout GenerateParameters, model: ModelContainer) throws(APIError) {
        parameters.responseFormat = responseFormat
        // Markers of calls may be special tokens.
        if try toolCallFormat(of: model) != nil { parameters.skipSpecialTokens = false }
        let called: [Tool] =
            switch toolChoice {
            case .none, .auto: []
            case .required: tools
            case .named(let name): tools.filter { $0.name == name }
            }
        guard !called.isEmpty else { return }
        do {
            parameters.responseFormat = try model.responseFormat(calling: called)
        } catch {
            throw .invalid("tools", "\(error)", code: "unsupported_value")
        }
    }

    // MARK: Reading

    /// Reads `response_format`; returns whether it asks for anything but text.
    private mutating func readFormat(_ fields: RequestFields) throws(APIError) -> Bool {
        guard let format = try fields.object("response_format") else { return false }
        let path = format.path(of: "type")
        switch try format.string("type") {
        case nil: throw .invalid(path, "\(path) is required", code: "missing_required_parameter")
        case "text": return false
        case "json_object": responseFormat = .jsonObject
        case "json_schema":
            let path = format.path(of: "json_schema.schema")
            guard let schema = try format.object("json_schema")?["schema"] else {
                throw .invalid(path, "\(path) is required", code: "missing_required_parameter")
            }
            do {
                responseFormat = try .jsonSchema(schema)
            } catch {
                throw .invalid(path, "\(error)", code: "invalid_json_schema")
            }
        case let type?:
            throw .invalid(
                path, "\(path) is \"\(type)\", but must be text, json_object or json_schema",
                code: "invalid_value")
        }
        return true
    }

    private mutating func readTools(_ fields: RequestFields) throws(APIError) {
        for (index, json) in (try fields.array("tools") ?? []).enumerated() {
            do {
                tools.append(try Tool(json: json))
            } catch {
                throw .invalid("tools[\(index)].\(error.member)", "tools[\(index)].\(error)")
            }
        }
    }

    private mutating func readChoice(_ fields: RequestFields) throws(APIError) {
        switch fields["tool_choice"] {
        case nil, "auto": return
        case "none": toolChoice = .none
        case "required": toolChoice = .required
        case let choice?:
            guard let name = choice["function"]?["name"]?.string else {
                throw .invalid(
                    "tool_choice", "tool_choice must be none, auto, required or a function's name",
                    code: "invalid_value")
            }
            toolChoice = .named(name)
        }
        let isKnown =
            if case .named(let name) = toolChoice { tools.contains { $0.name == name } } else { true }
        guard isKnown, toolChoice == .none || !tools.isEmpty else {
            throw .invalid(
                "tool_choice", "tool_choice asks for a tool that is not among tools", code: "invalid_value")
        }
    }
}
