/// The values that a function, method, filter or test is called with.
struct TemplateArguments {
    var positional: [RuntimeValue] = []
    var named: [(name: String, value: RuntimeValue)] = []

    /// The values in the order of `parameters`, nil for those not given, by Python's rules for calls.
    func bound(
        to parameters: [String], required: Int = 0, of callee: String, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> [RuntimeValue?] {
        guard positional.count <= parameters.count else {
            throw interpreter.failure(
                "'\(callee)' expects at most \(parameters.count) arguments, found \(positional.count)")
        }
        var values: [RuntimeValue?] = positional
        values += Array(repeating: nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let position = parameters.firstIndex(of: name) else {
                throw interpreter.failure("'\(callee)' has no argument '\(name)'")
            }
            guard values[position] == nil else {
                throw interpreter.failure("'\(callee)' is given its argument '\(name)' twice")
            }
            values[position] = value
        }
        if let missing = values.prefix(required).firstIndex(where: { $0 == nil }) {
            throw interpreter.failure("'\(callee)' expects its argument '\(parameters[missing])'")
        }
        return values
    }

    /// Refuses arguments by name.
    func refuseNamed(for callee: String, _ interpreter: TemplateInterpreter) throws(ChatTemplateError) {
        if let first = named.first {
            throw interpreter.failure("'\(callee)' has no argument '\(first.name)'")
        }
    }
}

extension TemplateInterpreter {
    /// The values of a call's arguments.
    func evaluate(
        _ arguments: TemplateCallArguments, in scope: TemplateScope
    ) throws(Failure) -> TemplateArguments {
        var values = TemplateArguments(positional: try evaluate(arguments.positional, in: scope))
        for (name, value) in arguments.named { values.named.append((name, try evaluate(value, in: scope))) }
        if let more = arguments.unpackedPositional {
            values.positional += try elements(of: try evaluate(more, in: scope), for: "'*'")
        }
        if let more = arguments.unpackedNamed {
            guard case .dictionary(let box) = try evaluate(more, in: scope) else {
                throw failure("'**' expects a dictionary")
            }
            for (key, value) in zip(box.keys, box.values) {
                guard let name = key.text else {
                    throw failure("'**' expects a dictionary with texts as keys")
                }
                guard !values.named.contains(where: { PythonText.equal($0.name, name) }) else {
                    throw failure("argument '\(name)' is given twice")
                }
                values.named.append((name, value))
            }
        }
        return values
    }

    /// An argument that must be an integer.
    func integer(_ value: RuntimeValue?, _ name: String) throws(Failure) -> Int? {
        guard let value else { return nil }
        if case .undefined(let reason) = value { throw failure(reason) }
        guard let index = value.index else {
            throw failure("argument '\(name)' is expected to be an integer, found type \(value.typeName)")
        }
        return index
    }

    /// An argument that must be a text.
    func string(_ value: RuntimeValue?, _ name: String) throws(Failure) -> String? {
        guard let value else { return nil }
        if case .undefined(let reason) = value { throw failure(reason) }
        guard let text = value.text else {
            throw failure("argument '\(name)' is expected to be a text, found type \(value.typeName)")
        }
        try charge(text)
        return text
    }
}
