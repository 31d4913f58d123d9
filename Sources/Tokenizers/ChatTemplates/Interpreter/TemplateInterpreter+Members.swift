extension TemplateInterpreter {
    /// `value.name`: a method or member first, then an item, as Jinja's sandbox looks them up.
    func member(_ name: String, of value: RuntimeValue) throws(Failure) -> RuntimeValue {
        if case .undefined(let reason) = value { throw failure(reason) }
        if let found = try attribute(name, of: value) { return found }
        if case .dictionary(let box) = value, let found = box[try key(.string(name))] { return found }
        return .undefined(.attribute(name, of: value.typeName))
    }

    /// `value[index]`: an item first, then a method or member.
    func item(_ index: RuntimeValue, of value: RuntimeValue) throws(Failure) -> RuntimeValue {
        switch value {
        case .undefined(let reason): throw failure(reason)
        case .dictionary(let box):
            if case .string(let text) = index { try charge(text) }
            if let key = DictionaryKey(index), let found = box[key] { return found }
        default:
            if let position = index.index, let found = try item(at: position, of: value) { return found }
        }
        guard let name = index.text else {
            return .undefined(.element(try repr(of: index), of: value.typeName))
        }
        return try attribute(name, of: value) ?? .undefined(.attribute(name, of: value.typeName))
    }

    /// What Python finds as an attribute: methods, and the members of namespaces and of `loop`.
    private func attribute(_ name: String, of value: RuntimeValue) throws(Failure) -> RuntimeValue? {
        switch value {
        case .string:
            if TemplateMethods.ofText[name] != nil { return .method(BoundMethod(value, name)) }
            if TemplateMethods.unsupportedOfText.contains(name) {
                throw unsupported("the method '\(name)' of a text")
            }
        case .list:
            if TemplateMethods.ofList[name] != nil { return .method(BoundMethod(value, name)) }
            if name == "sort" { throw unsupported("the method 'sort' of a list") }
        case .tuple:
            if name == "count" || name == "index" { return .method(BoundMethod(value, name)) }
        case .dictionary:
            if TemplateMethods.ofDictionary[name] != nil { return .method(BoundMethod(value, name)) }
            if TemplateMethods.changingDictionary.contains(name) {
                return .undefined(.unsafe(name, of: value.typeName))
            }
        case .range(let range):
            switch name {
            case "start": return .int(range.start)
            case "stop": return .int(range.stop)
            case "step": return .int(range.step)
            default: return nil
            }
        case .namespace(let box): return box.members[.string(name)]
        case .loop(let state): return try member(name, of: state)
        case .macro(let box): return name == "name" ? box.definition.name.map { .string($0) } : nil
        default: return nil
        }
        return nil
    }

    // MARK: Calls

    /// The value of a call; `caller` is the body of a `call` block.
    func evaluateCall(
        _ callee: TemplateExpression, _ arguments: TemplateCallArguments, caller: RuntimeValue?,
        in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        let function = try evaluate(callee, in: scope)
        var values = try evaluate(arguments, in: scope)
        line = callee.line
        if let caller { values.named.append(("caller", caller)) }
        return try call(function, values)
    }

    /// Writes the value of the call of a `call` block.
    func printCall(_ call: TemplateExpression, caller: RuntimeValue, in scope: TemplateScope) throws(Failure)
    {
        guard case .call(let callee, let arguments) = call.node else { return }
        try write(try text(of: try evaluateCall(callee, arguments, caller: caller, in: scope)))
    }

    private func call(_ callee: RuntimeValue, _ arguments: TemplateArguments) throws(Failure) -> RuntimeValue
    {
        switch callee {
        case .macro(let macro): return try call(macro, arguments)
        case .function(let function): return try call(function, arguments)
        case .method(let method): return try call(method, arguments)
        case .loop(let state):
            let values = try arguments.bound(to: ["values"], required: 1, of: "loop", self)
            return try call(state, with: values[0] ?? .none)
        case .undefined(let reason): throw failure(reason)
        default: throw failure("a value of type \(callee.typeName) cannot be called")
        }
    }

    private func call(_ method: BoundMethod, _ arguments: TemplateArguments) throws(Failure) -> RuntimeValue {
        switch method.receiver {
        case .string(let text):
            try charge(text)
            if let body = TemplateMethods.ofText[method.name] { return try body(self, text, arguments) }
        case .list(let box), .tuple(let box):
            if let body = TemplateMethods.ofList[method.name] { return try body(self, box, arguments) }
        case .dictionary(let box):
            if let body = TemplateMethods.ofDictionary[method.name] { return try body(self, box, arguments) }
        case .loop(let state): return try call(method.name, of: state, arguments)
        default: break
        }
        throw unsupported("the method '\(method.name)' of type \(method.receiver.typeName)")
    }

    // MARK: Macros

    private func call(_ macro: MacroBox, _ arguments: TemplateArguments) throws(Failure) -> RuntimeValue {
        let definition = macro.definition
        let scope = TemplateScope(parent: macro.scope)
        try bind(arguments, to: definition, in: scope)
        let text = try capture { () throws(Failure) in _ = try execute(definition.body, in: scope) }
        return .string(text)
    }

    private func bind(
        _ arguments: TemplateArguments, to definition: TemplateMacro, in scope: TemplateScope
    ) throws(Failure) {
        let name = definition.name.map { "macro '\($0)'" } ?? "caller"
        var named = arguments.named
        for (position, parameter) in definition.parameters.enumerated() {
            if position < arguments.positional.count {
                scope.variables[parameter.name] = arguments.positional[position]
            } else if let given = named.firstIndex(where: { $0.name == parameter.name }) {
                scope.variables[parameter.name] = named.remove(at: given).value
            } else if let fallback = parameter.fallback {
                scope.variables[parameter.name] = try evaluate(fallback, in: scope)
            } else {
                scope.variables[parameter.name] = .undefined(.parameter(parameter.name))
            }
        }
        if definition.specials.contains("caller") {
            let caller = named.firstIndex { $0.name == "caller" }.map { named.remove(at: $0).value }
            scope.variables["caller"] = caller ?? .undefined(.variable("caller"))
        }
        if definition.specials.contains("kwargs") {
            scope.variables["kwargs"] = try dictionary(named.map { (.string($0.name), $0.value) })
        } else if let first = named.first {
            throw failure("\(name) has no parameter '\(first.name)'")
        }
        let more = arguments.positional.dropFirst(definition.parameters.count)
        if definition.specials.contains("varargs") {
            scope.variables["varargs"] = try tuple(Array(more))
        } else if !more.isEmpty {
            throw failure(
                "\(name) expects at most \(definition.parameters.count) arguments, found \(arguments.positional.count)"
            )
        }
    }
}
