/// How `tojson` writes: the options of Python's `json.dumps`.
struct JSONStyle {
    var ensuresASCII = false
    /// What each level is indented by; nil writes everything on one line.
    var indent: String?
    var itemSeparator = ", "
    var keySeparator = ": "
    var sortsKeys = false
}

extension TemplateInterpreter {
    /// The value as JSON, as Python's `json.dumps` writes it.
    func json(_ value: RuntimeValue, style: JSONStyle) throws(Failure) -> String {
        var text = ""
        try writeJSON(value, style: style, level: 0, to: &text)
        return text
    }

    private func writeJSON(
        _ value: RuntimeValue, style: JSONStyle, level: Int, to text: inout String
    ) throws(Failure) {
        try enter()
        defer { leave() }
        guard text.utf8.count <= limitOfText else {
            throw limitFailure("a text has more than \(limitOfText) bytes")
        }
        switch value {
        case .none, .bool, .int, .double: text += try scalarText(value)
        case .string(let string):
            try charge(string)
            Self.writeJSON(string, ensuresASCII: style.ensuresASCII, to: &text)
        case .list(let box), .tuple(let box):
            if box.elements.isEmpty { return text += "[]" }
            text += "["
            for (index, element) in box.elements.enumerated() {
                try writeSeparator(index > 0, style: style, level: level + 1, to: &text)
                try writeJSON(element, style: style, level: level + 1, to: &text)
            }
            try writeLineBreak(style: style, level: level, to: &text)
            text += "]"
        case .dictionary(let box): try writeJSON(box, style: style, level: level, to: &text)
        default: throw failure("a value of type \(value.typeName) cannot be written as JSON")
        }
    }

    private func writeJSON(
        _ box: DictionaryBox, style: JSONStyle, level: Int, to text: inout String
    ) throws(Failure) {
        if box.count == 0 { return text += "{}" }
        var members = Array(zip(box.keys, box.values))
        if style.sortsKeys {
            members = try sorted(members) { left, right throws(Failure) in try less(left.0, right.0) }
        }
        text += "{"
        for (index, (key, value)) in members.enumerated() {
            try writeSeparator(index > 0, style: style, level: level + 1, to: &text)
            let name = if case .string(let name) = key { name } else { try scalarText(key) }
            Self.writeJSON(name, ensuresASCII: style.ensuresASCII, to: &text)
            text += style.keySeparator
            try writeJSON(value, style: style, level: level + 1, to: &text)
        }
        try writeLineBreak(style: style, level: level, to: &text)
        text += "}"
    }

    private func writeSeparator(
        _ isNeeded: Bool, style: JSONStyle, level: Int, to text: inout String
    ) throws(Failure) {
        if isNeeded { text += style.itemSeparator }
        try writeLineBreak(style: style, level: level, to: &text)
    }

    private func writeLineBreak(style: JSONStyle, level: Int, to text: inout String) throws(Failure) {
        guard let indent = style.indent else { return }
        try chargeProduct(indent.utf8.count, level, per: 32)
        text += "\n" + String(repeating: indent, count: level)
    }

    private func scalarText(_ value: RuntimeValue) throws(Failure) -> String {
        switch value {
        case .none: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .double(let value) where !value.isFinite:
            return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
        default: return try text(of: value)
        }
    }

    private static func writeJSON(_ string: String, ensuresASCII: Bool, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{08}": text += "\\b"
            case "\u{0C}": text += "\\f"
            default:
                if scalar.value >= 32, scalar.isASCII ? !ensuresASCII || scalar.value < 127 : !ensuresASCII {
                    text.unicodeScalars.append(scalar)
                } else {
                    for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                    }
                }
            }
        }
        text += "\""
    }
}
