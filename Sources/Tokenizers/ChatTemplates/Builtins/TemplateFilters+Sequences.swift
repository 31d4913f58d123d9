extension TemplateFilters {
    static let ofSequences: [String: Filter] = [
        "length": plain("length") { interpreter, value throws(ChatTemplateError) in
            .int(try interpreter.count(of: value))
        },
        "count": plain("count") { interpreter, value throws(ChatTemplateError) in
            .int(try interpreter.count(of: value))
        },
        "list": plain("list") { interpreter, value throws(ChatTemplateError) in
            try interpreter.list(try interpreter.elements(of: value, for: "'list'"))
        },
        "first": plain("first") { interpreter, value throws(ChatTemplateError) in
            try interpreter.makeIterator(over: value, for: "'first'").next()
                ?? .undefined(.emptySequence("the first"))
        },
        "last": plain("last") { interpreter, value throws(ChatTemplateError) in
            if case .iterator = value {
                throw interpreter.failure("'last' cannot read a sequence backwards: add '| list'")
            }
            if case .string = value {
                return try interpreter.item(at: -1, of: value) ?? .undefined(.emptySequence("the last"))
            }
            return try interpreter.elements(of: value, for: "'last'").last
                ?? .undefined(.emptySequence("the last"))
        },
        "reverse": plain("reverse") { interpreter, value throws(ChatTemplateError) in
            if case .string(let text) = value { return try interpreter.string(PythonText.reverse(text)) }
            let elements = Array(try interpreter.elements(of: value, for: "'reverse'").reversed())
            if case .iterator = value { return try interpreter.list(elements) }
            return try interpreter.iterator(elements)
        },
        "items": plain("items") { interpreter, value throws(ChatTemplateError) in
            if value.isUndefined { return try interpreter.iterator([]) }
            guard case .dictionary(let box) = value else {
                throw interpreter.failure(
                    "'items' expects a dictionary, found a value of type \(value.typeName)")
            }
            return try interpreter.iterator(box.items)
        },
        "default": defaultValue, "d": defaultValue, "join": join, "attr": attr, "batch": batch,
        "slice": slice,
    ]

    private static let defaultValue: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["default_value", "boolean"], of: "default", interpreter)
        let isReplaced = value.isUndefined || (values[1]?.isTrue ?? false && !value.isTrue)
        return isReplaced ? values[0] ?? .string("") : value
    }

    private static let join: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["d", "attribute"], of: "join", interpreter)
        let separator = try interpreter.text(of: values[0] ?? .string(""))
        var pieces: [String] = []
        for element in try interpreter.elements(of: value, for: "'join'") {
            let part = try attribute(values[1] ?? .none, of: element, interpreter)
            let text = try interpreter.text(of: part)
            try interpreter.charge(text)
            try interpreter.charge(separator)
            pieces.append(text)
        }
        return try interpreter.string(PythonText.join(pieces, separator: separator))
    }

    private static let attr: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["name"], required: 1, of: "attr", interpreter)
        let name = try interpreter.string(values[0], "name") ?? ""
        // Unlike `value.name` this does not look into dictionaries.
        if case .dictionary(let box) = value, box[.string(name)] != nil,
            TemplateMethods.ofDictionary[name] == nil
        {
            return .undefined(.attribute(name, of: value.typeName))
        }
        return try interpreter.member(name, of: value)
    }

    private static let batch: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(
            to: ["linecount", "fill_with"], required: 1, of: "batch", interpreter)
        let size = try interpreter.integer(values[0], "linecount") ?? 0
        var batches: [RuntimeValue] = []
        var batch: [RuntimeValue] = []
        for element in try interpreter.elements(of: value, for: "'batch'") {
            if batch.count == size {
                batches.append(try interpreter.list(batch))
                batch = []
            }
            batch.append(element)
        }
        if !batch.isEmpty {
            if let filler = values[1], !filler.isNone, batch.count < size {
                try interpreter.charge(size - batch.count)
                batch += Array(repeating: filler, count: size - batch.count)
            }
            batches.append(try interpreter.list(batch))
        }
        return try interpreter.iterator(batches)
    }

    private static let slice: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["slices", "fill_with"], required: 1, of: "slice", interpreter)
        let count = try interpreter.integer(values[0], "slices") ?? 0
        guard count > 0 else {
            throw interpreter.failure("'slice' expects a positive number, found \(count)")
        }
        try interpreter.charge(count)
        let elements = try interpreter.elements(of: value, for: "'slice'")
        let (size, extra) = elements.count.quotientAndRemainder(dividingBy: count)
        var slices: [RuntimeValue] = []
        var start = 0
        for number in 0..<count {
            let end = start + size + (number < extra ? 1 : 0)
            var slice = Array(elements[start..<end])
            if let filler = values[1], !filler.isNone, number >= extra { slice.append(filler) }
            slices.append(try interpreter.list(slice))
            start = end
        }
        return try interpreter.iterator(slices)
    }
}
