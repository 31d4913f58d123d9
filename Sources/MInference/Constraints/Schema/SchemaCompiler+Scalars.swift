import JSON

extension SchemaCompiler {
    // MARK: Strings

    mutating func string(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        let path = schema.path
        let minimum = try schema.count("minLength")
        let maximum = try schema.count("maxLength")
        let pattern = try schema.string("pattern")
        let format = try schema.string("format")
        guard pattern != nil || format != nil else { return grammar.jsonString(minimum ?? 0, maximum) }
        if minimum ?? 0 > 0 || maximum != nil {
            throw .unsupported(
                path: path, reason: "a length beside pattern or format is not supported; count in the pattern"
            )
        }
        if pattern != nil, format != nil {
            throw .unsupported(path: path, reason: "format beside pattern is not supported")
        }
        if let pattern { return try matching(pattern, at: path + "/pattern") }
        guard let format else { return grammar.jsonString() }
        guard let known = Self.formats[format] else {
            throw .unsupported(
                path: path + "/format",
                reason: "format \(format) is not supported; known are "
                    + Self.formats.keys.sorted().joined(separator: ", "))
        }
        return try matching(known, at: path + "/format")
    }

    private mutating func matching(
        _ pattern: String, at path: String
    ) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        do throws(PatternError) {
            let contents = try PatternParser.parse(pattern, into: &grammar)
            return grammar.jsonString(contents: contents)
        } catch {
            throw .unsupported(path: path, reason: error.description)
        }
    }

    /// Formats as patterns, each a subset of what its RFC allows.
    private static let formats: [String: String] = {
        let date = #"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"#
        let time =
            #"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"#
        let label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
        let host = #"\#(label)(\.\#(label)){0,3}"#
        let byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
        return [
            // Days that every month has.
            "date": "^\(date)$", "time": "^\(time)$", "date-time": "^\(date)T\(time)$",
            "duration": "^P(([0-9]{1,4}D)(T[0-9]{1,4}H)?|T[0-9]{1,4}[HMS]|[0-9]{1,4}[YMW])$",
            "uuid": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            "ipv4": #"^\#(byte)(\.\#(byte)){3}$"#, "hostname": "^\(host)$",
            "email": #"^[A-Za-z0-9_+-]{1,32}(\.[A-Za-z0-9_+-]{1,31})?@\#(host)$"#,
            "uri":
                #"^(https?|ftp)://\#(host)(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~-]*)*(\?[A-Za-z0-9._~=&-]*)?$"#,
        ]
    }()

    // MARK: Numbers

    mutating func integer(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        let bounds = try bounds(schema)
        let limit = Double(ByteGrammar.largestInteger)
        var lower = max(-limit, bounds.lower).rounded(.up)
        if bounds.excludesLower, lower == bounds.lower { lower += 1 }
        var upper = min(limit, bounds.upper).rounded(.down)
        if bounds.excludesUpper, upper == bounds.upper { upper -= 1 }
        guard lower <= upper, abs(lower) <= limit, abs(upper) <= limit else { return grammar.never }
        return grammar.jsonInteger(Int(lower)...Int(upper))
    }

    mutating func number(_ schema: SchemaObject) throws(JSONSchemaError) -> ByteGrammar.NodeID {
        let bounds = try bounds(schema)
        if bounds.lower == -.infinity, bounds.upper == .infinity {
            return schema["multipleOf"] == nil
                ? grammar.jsonNumber()
                : grammar.jsonInteger(-ByteGrammar.largestInteger...ByteGrammar.largestInteger)
        }
        if schema["multipleOf"] != nil { return try integer(schema) }
        let node = grammar.jsonNumber(
            lower: bounds.lower, excludesLower: bounds.excludesLower, upper: bounds.upper,
            excludesUpper: bounds.excludesUpper)
        if node == grammar.never, bounds.lower < bounds.upper {
            throw .unsupported(
                path: schema.path, reason: "a range of numbers without a whole number in it is not supported")
        }
        return node
    }

    private struct Bounds {
        var lower = -Double.infinity
        var excludesLower = false
        var upper = Double.infinity
        var excludesUpper = false
    }

    private func bounds(_ schema: SchemaObject) throws(JSONSchemaError) -> Bounds {
        if let step = try schema.number("multipleOf"), step != 1 {
            throw .unsupported(
                path: schema.path + "/multipleOf", reason: "multipleOf other than 1 is not supported")
        }
        for keyword in ["exclusiveMinimum", "exclusiveMaximum"] where schema[keyword]?.bool != nil {
            throw .invalid(
                path: schema.path + "/" + keyword, expected: "a number (true and false are of draft 4)")
        }
        var bounds = Bounds()
        if let bound = try schema.number("minimum") { bounds.lower = bound }
        if let bound = try schema.number("exclusiveMinimum"), bound >= bounds.lower {
            (bounds.lower, bounds.excludesLower) = (bound, true)
        }
        if let bound = try schema.number("maximum") { bounds.upper = bound }
        if let bound = try schema.number("exclusiveMaximum"), bound <= bounds.upper {
            (bounds.upper, bounds.excludesUpper) = (bound, true)
        }
        return bounds
    }
}
