extension TemplateInterpreter {
    /// Python's `str(value)`: what `{{ value }}` prints.
    func text(of value: RuntimeValue) throws(Failure) -> String {
        switch value {
        case .string(let text): return text
        case .undefined: return ""
        case .int(let value): return String(value)
        default: return try repr(of: value)
        }
    }

    /// Python's `repr(value)`: what a value looks like inside of a printed list.
    func repr(of value: RuntimeValue) throws(Failure) -> String {
        var text = ""
        try writeRepr(of: value, to: &text)
        return text
    }

    private func writeRepr(of value: RuntimeValue, to text: inout String) throws(Failure) {
        try enter()
        defer { leave() }
        guard text.utf8.count <= limitOfText else {
            throw limitFailure("a text has more than \(limitOfText) bytes")
        }
        switch value {
        case .undefined: text += "Undefined"
        case .none: text += "None"
        case .bool(let value): text += value ? "True" : "False"
        case .int(let value): text += String(value)
        case .double(let value): text += PythonNumber.text(value)
        case .string(let value):
            try charge(value)
            PythonText.writeRepr(of: value, to: &text)
        case .list(let box): try writeList("[", box.elements, "]", to: &text)
        case .tuple(let box):
            try writeList("(", box.elements, box.elements.count == 1 ? ",)" : ")", to: &text)
        case .dictionary(let box): try writeMembers(of: box, to: &text)
        case .view(let view): try writeList(view.kind.rawValue + "([", view.elements, "])", to: &text)
        case .range(let range):
            text += "range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))"
        case .namespace(let box):
            text += "<Namespace "
            try writeMembers(of: box.members, to: &text)
            text += ">"
        case .loop(let state): text += "<LoopContext \(state.index + 1)/\(try count(of: state))>"
        case .macro(let box):
            text += "<Macro "
            if let name = box.definition.name {
                PythonText.writeRepr(of: name, to: &text)
            } else {
                text += "anonymous"
            }
            text += ">"
        case .iterator: throw failure("a sequence that is made while it is read has no text: add '| list'")
        case .function(let function): text += "<function \(function.rawValue)>"
        case .method(let method): text += "<method \(method.name)>"
        }
    }

    private func writeList(
        _ opening: String, _ elements: [RuntimeValue], _ closing: String, to text: inout String
    ) throws(Failure) {
        text += opening
        for (index, element) in elements.enumerated() {
            if index > 0 { text += ", " }
            try writeRepr(of: element, to: &text)
        }
        text += closing
    }

    private func writeMembers(of box: DictionaryBox, to text: inout String) throws(Failure) {
        text += "{"
        for (index, (key, value)) in zip(box.keys, box.values).enumerated() {
            if index > 0 { text += ", " }
            try writeRepr(of: key, to: &text)
            text += ": "
            try writeRepr(of: value, to: &text)
        }
        text += "}"
    }
}

extension PythonText {
    /// Python's `repr` of a text: single quotes unless only those occur inside, escapes for what does not print.
    static func writeRepr(of text: String, to output: inout String) {
        let quote: Unicode.Scalar = text.utf8.contains(39) && !text.utf8.contains(34) ? "\"" : "'"
        output.unicodeScalars.append(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\":
                output += "\\"
                output.unicodeScalars.append(scalar)
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            default:
                if isPrintable(scalar) {
                    output.unicodeScalars.append(scalar)
                } else {
                    writeEscape(scalar, to: &output)
                }
            }
        }
        output.unicodeScalars.append(quote)
    }

    private static func writeEscape(_ scalar: Unicode.Scalar, to output: inout String) {
        let (mark, width) =
            switch scalar.value {
            case ..<0x100: ("x", 2)
            case ..<0x10000: ("u", 4)
            default: ("U", 8)
            }
        let digits = String(scalar.value, radix: 16)
        output += "\\" + mark + String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    /// `str.isprintable` of one code point.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 32 && scalar.value < 127 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
