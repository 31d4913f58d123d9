import JSON

/// A function that a model may call.
public struct Tool: Sendable, Hashable {
    /// The function's name.
    public let name: String
    /// What it does, for the model.
    public let description: String?
    /// The JSON Schema of its arguments, an object.
    public let parameters: JSONValue
    /// The tool as chat templates get it: `{"type": "function", "function": {...}}`.
    public let json: JSONValue

    /// A tool by its parts.
    public init(name: String, description: String? = nil, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
        var function: [JSONValue.Member] = [.init(key: "name", value: .string(name))]
        if let description { function.append(.init(key: "description", value: .string(description))) }
        function.append(.init(key: "parameters", value: parameters))
        json = ["type": "function", "function": .object(function)]
    }

    /// A tool in OpenAI's form: `{"type": "function", "function": {"name", "description", "parameters"}}`.
    ///
    /// - Throws: `ToolError` that names the member which is not as expected.
    public init(json: JSONValue) throws(ToolError) {
        guard json["type"]?.string ?? "function" == "function", let function = json["function"] else {
            throw ToolError(member: "type", expected: "a tool of type function")
        }
        guard let name = function["name"]?.string, !name.isEmpty else {
            throw ToolError(member: "function.name", expected: "a name")
        }
        let parameters = function["parameters"] ?? ["type": "object", "properties": [:]]
        guard parameters.members != nil else {
            throw ToolError(member: "function.parameters", expected: "a JSON Schema")
        }
        self.name = name
        description = function["description"]?.string
        self.parameters = parameters
        self.json = json
    }
}

/// Why something is no description of a tool.
public struct ToolError: Error, Equatable, CustomStringConvertible {
    /// The member that is wrong, as a path such as `function.name`.
    public let member: String
    /// What it should be.
    public let expected: String

    /// One line: what was expected where.
    public var description: String { "\(member): expected \(expected)" }
}

/// A call of a tool that a model asks for.
public struct ToolCall: Sendable, Hashable {
    /// The tool's name.
    public let name: String
    /// The arguments, the text of a JSON object.
    public let arguments: String

    /// A call.
    public init(name: String, arguments: String) {
        self.name = name
        self.arguments = arguments
    }
}
