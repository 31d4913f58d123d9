extension TemplateInterpreter {
    /// Calls one of the functions that every template knows.
    func call(_ function: TemplateFunction, _ arguments: TemplateArguments) throws(Failure) -> RuntimeValue {
        switch function {
        case .range: return .range(try makeRange(arguments))
        case .dict: return try dictionary(try members(arguments, of: "dict"))
        case .namespace: return try makeNamespace(arguments)
        case .raiseException:
            let values = try arguments.bound(to: ["message"], required: 1, of: function.rawValue, self)
            throw Failure(.raised, line: line, try text(of: values[0] ?? .none))
        case .strftimeNow:
            let values = try arguments.bound(to: ["format"], required: 1, of: function.rawValue, self)
            guard let text = clock.text(try string(values[0], "format") ?? "") else {
                throw failure("'strftime_now' cannot write the time in this format")
            }
            return try string(text)
        case .cycle, .changed: throw unsupported(function.rawValue)
        }
    }

    private func makeRange(_ arguments: TemplateArguments) throws(Failure) -> RangeValue {
        try arguments.refuseNamed(for: "range", self)
        var bounds: [Int] = []
        for value in arguments.positional {
            bounds.append(try integer(value, "range") ?? 0)
        }
        switch bounds.count {
        case 1: return try range(0, bounds[0], 1)
        case 2: return try range(bounds[0], bounds[1], 1)
        case 3: return try range(bounds[0], bounds[1], bounds[2])
        default: throw failure("'range' expects 1 to 3 arguments, found \(bounds.count)")
        }
    }

    private func makeNamespace(_ arguments: TemplateArguments) throws(Failure) -> RuntimeValue {
        let box = NamespaceBox()
        register(box)
        for (key, value) in try members(arguments, of: "namespace") {
            guard let name = key.text else { throw failure("'namespace' expects texts as names") }
            try set(name, of: box, to: value)
        }
        return .namespace(box)
    }

    /// The members that `dict(...)` and `namespace(...)` are given.
    private func members(
        _ arguments: TemplateArguments, of callee: String
    ) throws(Failure) -> [(key: RuntimeValue, value: RuntimeValue)] {
        guard arguments.positional.count <= 1 else {
            throw failure(
                "'\(callee)' expects at most 1 positional argument, found \(arguments.positional.count)")
        }
        var members: [(key: RuntimeValue, value: RuntimeValue)] = []
        if let source = arguments.positional.first {
            if case .dictionary(let box) = source {
                members = zip(box.keys, box.values).map { ($0, $1) }
            } else {
                for pair in try elements(of: source, for: "'\(callee)'") {
                    let parts = try elements(of: pair, for: "'\(callee)'")
                    guard parts.count == 2 else {
                        throw failure("'\(callee)' expects pairs, found \(parts.count) values together")
                    }
                    members.append((parts[0], parts[1]))
                }
            }
        }
        return members + arguments.named.map { (.string($0.name), $0.value) }
    }
}
