extension TemplateMethods {
    /// The methods of lists. `append` and its relatives change the list for everybody who holds it, as in Python.
    static let ofList: [String: ListMethod] = [
        "append": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...1, of: "append", interpreter)
            try insert(values, at: box.elements.count, of: box, interpreter)
            return .none
        },
        "extend": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...1, of: "extend", interpreter)
            let elements = try interpreter.elements(of: values[0], for: "'extend'")
            try insert(elements, at: box.elements.count, of: box, interpreter)
            return .none
        },
        "insert": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 2...2, of: "insert", interpreter)
            let index = try interpreter.integer(values[0], "index") ?? 0
            let count = box.elements.count
            try interpreter.charge(count >> 4)
            try insert(
                [values[1]], at: min(max(index < 0 ? index &+ count : index, 0), count), of: box, interpreter)
            return .none
        },
        "pop": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 0...1, of: "pop", interpreter)
            let index = try interpreter.integer(values.first, "index") ?? -1
            let count = box.elements.count
            let position = index < 0 ? index &+ count : index
            guard position >= 0, position < count else {
                throw interpreter.failure("'pop' expects an index within a list of \(count), found \(index)")
            }
            try interpreter.charge((count - position) >> 4)
            return box.elements.remove(at: position)
        },
        "remove": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...1, of: "remove", interpreter)
            box.elements.remove(at: try index(of: values[0], in: box, "remove", interpreter))
            return .none
        },
        "reverse": { interpreter, box, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: "reverse", interpreter)
            try interpreter.charge(box.elements.count)
            box.elements.reverse()
            return .none
        },
        "clear": { interpreter, box, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: "clear", interpreter)
            box.elements = []
            return .none
        },
        "copy": { interpreter, box, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: "copy", interpreter)
            return try interpreter.list(box.elements)
        },
        "index": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...1, of: "index", interpreter)
            return .int(try index(of: values[0], in: box, "index", interpreter))
        },
        "count": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...1, of: "count", interpreter)
            var count = 0
            for element in box.elements where try interpreter.equal(element, values[0]) { count += 1 }
            return .int(count)
        },
    ]

    private static func insert(
        _ values: [RuntimeValue], at position: Int, of box: SequenceBox, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) {
        try interpreter.charge(values.count)
        for value in values {
            box.deepen(for: value)
            try interpreter.checkDepth(box.depth)
        }
        // A list that holds itself must not outlive the rendering.
        interpreter.register(box)
        box.elements.insert(contentsOf: values, at: position)
    }

    private static func index(
        of value: RuntimeValue, in box: SequenceBox, _ method: String, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> Int {
        for (index, element) in box.elements.enumerated() where try interpreter.equal(element, value) {
            return index
        }
        throw interpreter.failure("'\(method)' expects a value that is in the list")
    }
}
