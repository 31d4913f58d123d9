extension JSONValue {
    /// The text of this value: on one line, or indented by two spaces a level.
    ///
    /// Members keep their order; numbers that are not finite are written as `null`, which JSON lacks a word for.
    public func text(pretty: Bool = false) -> String {
        var output = ""
        write(to: &output, pretty: pretty, level: 0)
        return output
    }

    private func write(to output: inout String, pretty: Bool, level: Int) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .int(let value): output += String(value)
        case .double(let value): output += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.writeString(value, to: &output)
        case .array(let elements):
            Self.writeList(elements, "[", "]", to: &output, pretty: pretty, level: level) { element, output in
                element.write(to: &output, pretty: pretty, level: level + 1)
            }
        case .object(let members):
            Self.writeList(members, "{", "}", to: &output, pretty: pretty, level: level) { member, output in
                Self.writeString(member.key, to: &output)
                output += ": "
                member.value.write(to: &output, pretty: pretty, level: level + 1)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ open: String, _ close: String, to output: inout String, pretty: Bool,
        level: Int, body: (Element, inout String) -> Void
    ) {
        output += open
        for (index, element) in elements.enumerated() {
            if index > 0 { output += pretty ? "," : ", " }
            if pretty { output += "\n" + String(repeating: "  ", count: level + 1) }
            body(element, &output)
        }
        if pretty, !elements.isEmpty { output += "\n" + String(repeating: "  ", count: level) }
        output += close
    }

    private static func writeString(_ value: String, to output: inout String) {
        output += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{00}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
