extension TemplateFilters {
    static let ofSelection: [String: Filter] = [
        "map": map,
        "select": selection("select", keeps: true, ofAttribute: false),
        "reject": selection("reject", keeps: false, ofAttribute: false),
        "selectattr": selection("selectattr", keeps: true, ofAttribute: true),
        "rejectattr": selection("rejectattr", keeps: false, ofAttribute: true),
    ]

    private static let map: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        guard value.isTrue else { return try interpreter.iterator([]) }
        var arguments = arguments
        var result: [RuntimeValue] = []
        if arguments.positional.isEmpty {
            let values = try arguments.bound(
                to: ["attribute", "default"], required: 1, of: "map", interpreter)
            for element in try interpreter.elements(of: value, for: "'map'") {
                result.append(
                    try attribute(values[0] ?? .none, of: element, fallback: values[1], interpreter))
            }
            return try interpreter.iterator(result)
        }
        guard let name = arguments.positional.removeFirst().text else {
            throw interpreter.failure("'map' expects the name of a filter")
        }
        for element in try interpreter.elements(of: value, for: "'map'") {
            try interpreter.enter()
            defer { interpreter.leave() }
            result.append(try interpreter.applyFilter(name, to: element, arguments))
        }
        return try interpreter.iterator(result)
    }

    /// `select` and its relatives: by the truth of the elements, or by a test with arguments.
    private static func selection(_ name: String, keeps: Bool, ofAttribute: Bool) -> Filter {
        { interpreter, value, arguments throws(ChatTemplateError) in
            guard value.isTrue else { return try interpreter.iterator([]) }
            var arguments = arguments
            var path = RuntimeValue.none
            if ofAttribute {
                guard !arguments.positional.isEmpty else {
                    throw interpreter.failure("'\(name)' expects the name of an attribute")
                }
                path = arguments.positional.removeFirst()
            }
            let test = arguments.positional.isEmpty ? nil : arguments.positional.removeFirst()
            var result: [RuntimeValue] = []
            for element in try interpreter.elements(of: value, for: "'\(name)'") {
                let part = try attribute(path, of: element, interpreter)
                var holds = part.isTrue
                if let test {
                    guard let testName = test.text else {
                        throw interpreter.failure("'\(name)' expects the name of a test")
                    }
                    holds = try interpreter.applyTest(testName, to: part, arguments)
                }
                if holds == keeps { result.append(element) }
            }
            return try interpreter.iterator(result)
        }
    }
}
