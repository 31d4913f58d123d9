extension TemplateInterpreter {
    /// Runs a `for` statement.
    func execute(_ loop: TemplateLoop, in scope: TemplateScope) throws(Failure) {
        try run(loop, over: try evaluate(loop.values, in: scope), nesting: 0, in: scope)
    }

    /// What a recursive loop writes when its body calls it with other values.
    func call(_ state: LoopState, with values: RuntimeValue) throws(Failure) -> RuntimeValue {
        guard state.statement.isRecursive else {
            throw failure("'loop' can only be called in a loop that is marked 'recursive'")
        }
        let text = try capture { () throws(Failure) in
            try run(state.statement, over: values, nesting: state.nesting + 1, in: state.scope)
        }
        return try string(text)
    }

    private func run(
        _ loop: TemplateLoop, over values: RuntimeValue, nesting: Int, in scope: TemplateScope
    ) throws(Failure) {
        let state = LoopState(
            loop, scope: scope, nesting: nesting, iterator: try makeIterator(over: values, for: "a loop"),
            count: try knownCount(of: values))
        defer { state.release() }
        while let value = try nextElement(of: state) {
            state.advance(to: value)
            let inner = TemplateScope(parent: scope)
            inner.variables["loop"] = .loop(state)
            try assign(value, to: loop.target, in: inner)
            if try execute(loop.body, in: inner) == .exitLoop { break }
        }
        if state.index < 0 { _ = try execute(loop.otherwise, in: TemplateScope(parent: scope)) }
    }

    /// The next element that the loop's condition lets through.
    private func nextElement(of state: LoopState) throws(Failure) -> RuntimeValue? {
        if let value = state.takePending() { return value }
        return try readElement(of: state)
    }

    private func readElement(of state: LoopState) throws(Failure) -> RuntimeValue? {
        while let value = state.iterator.next() {
            try charge()
            guard let condition = state.statement.condition else { return value }
            let inner = TemplateScope(parent: state.scope)
            try assign(value, to: state.statement.target, in: inner)
            if try evaluate(condition, in: inner).isTrue { return value }
        }
        return nil
    }

    /// The element after the current one, which is read ahead.
    private func peek(_ state: LoopState) throws(Failure) -> RuntimeValue? {
        if let value = state.firstPending { return value }
        guard let value = try readElement(of: state) else { return nil }
        state.append(pending: value)
        return value
    }

    /// How many elements the loop goes over in all; reads them all when that is not known.
    func count(of state: LoopState) throws(Failure) -> Int {
        if let count = state.knownCount { return count }
        while let value = try readElement(of: state) { state.append(pending: value) }
        let count = state.index + 1 + state.pendingCount
        state.knownCount = count
        return count
    }

    /// A member of the variable `loop`.
    func member(_ name: String, of state: LoopState) throws(Failure) -> RuntimeValue? {
        switch name {
        case "index": return .int(state.index + 1)
        case "index0": return .int(state.index)
        case "first": return .bool(state.index == 0)
        case "last": return .bool(try peek(state) == nil)
        case "length": return .int(try count(of: state))
        case "revindex": return .int(try count(of: state) - state.index)
        case "revindex0": return .int(try count(of: state) - state.index - 1)
        case "depth": return .int(state.nesting + 1)
        case "depth0": return .int(state.nesting)
        case "previtem":
            return state.index == 0
                ? .undefined(.element("before the first", of: "loop"))
                : state.previous ?? .undefined(.variable(name))
        case "nextitem": return try peek(state) ?? .undefined(.element("after the last", of: "loop"))
        case "cycle", "changed": return .method(BoundMethod(.loop(state), name))
        default: return nil
        }
    }

    /// Calls `loop.cycle` or `loop.changed`.
    func call(
        _ name: String, of state: LoopState, _ arguments: TemplateArguments
    ) throws(Failure) -> RuntimeValue {
        try arguments.refuseNamed(for: "loop.\(name)", self)
        if name == "changed" {
            let values = try tuple(arguments.positional)
            if let last = state.lastChecked, try equal(last, values) { return .bool(false) }
            state.lastChecked = values
            return .bool(true)
        }
        guard !arguments.positional.isEmpty else {
            throw failure("'loop.cycle' expects at least one argument")
        }
        return arguments.positional[max(state.index, 0) % arguments.positional.count]
    }
}
