import JSON

/// What every answer is: free text, or JSON that the model cannot leave.
///
///     var parameters = GenerateParameters()
///     parameters.responseFormat = try .jsonSchema(#"{"type": "object", "properties": {"age": {"type": "integer"}}}"#)
///
/// Tokens that would break the format are never drawn, however likely. An answer that `maxTokens` ends may be cut short.
public struct ResponseFormat: Sendable {
    /// Nil for free text.
    let grammar: ByteGrammar?

    /// Whatever the model writes.
    public static let text = ResponseFormat(grammar: nil)

    /// Any JSON object.
    public static let jsonObject = ResponseFormat(grammar: .jsonObject)

    /// JSON that meets a schema.
    ///
    /// Supported are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`,
    /// `minItems`, `maxItems`, `minLength`, `maxLength`, `pattern`, common `format`s, `minimum`, `maximum` and their
    /// exclusive forms, `anyOf`, `oneOf` of alternatives that exclude each other, and references within the schema,
    /// also to themselves. Properties come in the schema's order. An object with `properties` has no others unless
    /// `additionalProperties` asks for them.
    ///
    /// - Throws: what is malformed, unsupported or impossible, and where.
    public static func jsonSchema(_ schema: JSONValue) throws(JSONSchemaError) -> ResponseFormat {
        ResponseFormat(grammar: try SchemaCompiler.grammar(of: schema))
    }

    /// JSON that meets a schema, given as text.
    ///
    /// - Throws: what is malformed, unsupported or impossible, and where.
    public static func jsonSchema(_ schema: String) throws(JSONSchemaError) -> ResponseFormat {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: schema)
        } catch {
            throw .notJSON("\(error)")
        }
        return try jsonSchema(value)
    }
}
