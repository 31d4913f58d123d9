extension TemplateFilters {
    static let ofOrder: [String: Filter] = [
        "sort": sort, "dictsort": dictSort, "unique": unique, "sum": sum,
        "min": extreme("min") { interpreter, left, right throws(ChatTemplateError) in
            try interpreter.less(left, right)
        },
        "max": extreme("max") { interpreter, left, right throws(ChatTemplateError) in
            try interpreter.less(right, left)
        },
    ]

    private static let sort: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(
            to: ["reverse", "case_sensitive", "attribute"], of: "sort", interpreter)
        let isCaseSensitive = values[1]?.isTrue ?? false
        var paths: [RuntimeValue] = [values[2] ?? .none]
        if case .string(let text) = paths[0] {
            paths = PythonText.split(text, separator: ",", limit: nil).map { .string($0) }
        }
        var keyed: [(key: RuntimeValue, value: RuntimeValue)] = []
        for element in try interpreter.elements(of: value, for: "'sort'") {
            var keys: [RuntimeValue] = []
            for path in paths {
                let part = try attribute(path, of: element, interpreter)
                keys.append(try sortKey(part, isCaseSensitive: isCaseSensitive, interpreter))
            }
            keyed.append((try interpreter.list(keys), element))
        }
        return try interpreter.list(try sorted(keyed, isReversed: values[0]?.isTrue ?? false, interpreter))
    }

    private static func sorted(
        _ keyed: [(key: RuntimeValue, value: RuntimeValue)], isReversed: Bool,
        _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> [RuntimeValue] {
        let result = try interpreter.sorted(keyed) { left, right throws(ChatTemplateError) in
            try isReversed ? interpreter.less(right.key, left.key) : interpreter.less(left.key, right.key)
        }
        return result.map(\.value)
    }

    private static let dictSort: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(
            to: ["case_sensitive", "by", "reverse"], of: "dictsort", interpreter)
        if case .undefined(let reason) = value { throw interpreter.failure(reason) }
        guard case .dictionary(let box) = value else {
            throw interpreter.failure(
                "'dictsort' expects a dictionary, found a value of type \(value.typeName)")
        }
        let by = try interpreter.string(values[1], "by") ?? "key"
        guard by == "key" || by == "value" else {
            throw interpreter.failure("'dictsort' expects to sort by 'key' or 'value', found '\(by)'")
        }
        var keyed: [(key: RuntimeValue, value: RuntimeValue)] = []
        for (key, value) in zip(box.keys, box.values) {
            let part = by == "key" ? key : value
            let sorted = try sortKey(part, isCaseSensitive: values[0]?.isTrue ?? false, interpreter)
            keyed.append((sorted, try interpreter.tuple([key, value])))
        }
        return try interpreter.list(try sorted(keyed, isReversed: values[2]?.isTrue ?? false, interpreter))
    }

    private static let unique: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["case_sensitive", "attribute"], of: "unique", interpreter)
        var seen: Set<DictionaryKey> = []
        var result: [RuntimeValue] = []
        for element in try interpreter.elements(of: value, for: "'unique'") {
            let part = try attribute(values[1] ?? .none, of: element, interpreter)
            let key = try sortKey(part, isCaseSensitive: values[0]?.isTrue ?? false, interpreter)
            if seen.insert(try interpreter.key(key)).inserted { result.append(element) }
        }
        return try interpreter.iterator(result)
    }

    private static func extreme(
        _ name: String,
        _ isBetter:
            @escaping @Sendable (TemplateInterpreter, RuntimeValue, RuntimeValue) throws(ChatTemplateError) ->
            Bool
    ) -> Filter {
        { interpreter, value, arguments throws(ChatTemplateError) in
            let values = try arguments.bound(to: ["case_sensitive", "attribute"], of: name, interpreter)
            var best: (key: RuntimeValue, value: RuntimeValue)?
            for element in try interpreter.elements(of: value, for: "'\(name)'") {
                let part = try attribute(values[1] ?? .none, of: element, interpreter)
                let key = try sortKey(part, isCaseSensitive: values[0]?.isTrue ?? false, interpreter)
                if let current = best, try !isBetter(interpreter, key, current.key) { continue }
                best = (key, element)
            }
            return best?.value ?? .undefined(.emptySequence("the '\(name)'"))
        }
    }

    private static let sum: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["attribute", "start"], of: "sum", interpreter)
        var total = values[1] ?? .int(0)
        if case .string = total { throw interpreter.failure("'sum' cannot add texts: use '| join'") }
        for element in try interpreter.elements(of: value, for: "'sum'") {
            total = try interpreter.arithmetic(
                .add, total, try attribute(values[0] ?? .none, of: element, interpreter))
        }
        return total
    }
}
