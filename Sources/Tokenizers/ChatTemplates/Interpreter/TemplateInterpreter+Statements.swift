/// How a statement ended.
enum TemplateFlow {
    case next, exitLoop, nextIteration
}

extension TemplateInterpreter {
    /// Runs statements in order until one leaves the loop iteration.
    func execute(_ body: [TemplateStatement], in scope: TemplateScope) throws(Failure) -> TemplateFlow {
        try enter()
        defer { leave() }
        for statement in body {
            let flow = try execute(statement, in: scope)
            if flow != .next { return flow }
        }
        return .next
    }

    private func execute(_ statement: TemplateStatement, in scope: TemplateScope) throws(Failure)
        -> TemplateFlow
    {
        line = statement.line
        switch statement.node {
        case .text(let text): try write(text)
        case .output(let values): try print(values, in: scope)
        case .assign(let target, let value):
            try checkNamespaces(in: target, scope: scope)
            try assign(try evaluate(value, in: scope), to: target, in: scope)
        case .assignBlock(let target, let filters, let body):
            try executeAssignBlock(target, filters: filters, body: body, in: scope)
        case .loop(let loop): try execute(loop, in: scope)
        case .choice(let branches, let otherwise):
            return try executeChoice(branches, otherwise: otherwise, in: scope)
        case .macro(let macro):
            scope.variables[macro.name ?? ""] = define(macro, in: scope)
        case .callBlock(let macro, let call):
            try printCall(call, caller: define(macro, in: scope), in: scope)
        case .filterBlock(let filters, let body):
            let inner = TemplateScope(parent: scope)
            try write(try text(of: try captureFiltered(body, filters: filters, in: inner)))
        case .with(let values, let body): return try executeWith(values, body: body, in: scope)
        case .scope(let body): _ = try execute(body, in: TemplateScope(parent: scope))
        case .exitLoop: return .exitLoop
        case .nextIteration: return .nextIteration
        }
        return .next
    }

    private func print(_ values: [TemplateExpression], in scope: TemplateScope) throws(Failure) {
        for value in values { try write(try text(of: try evaluate(value, in: scope))) }
    }

    private func executeChoice(
        _ branches: [(test: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement],
        in scope: TemplateScope
    ) throws(Failure) -> TemplateFlow {
        for branch in branches {
            if try evaluate(branch.test, in: scope).isTrue { return try execute(branch.body, in: scope) }
        }
        return try execute(otherwise, in: scope)
    }

    private func executeWith(
        _ values: [(target: TemplateTarget, value: TemplateExpression)], body: [TemplateStatement],
        in scope: TemplateScope
    ) throws(Failure) -> TemplateFlow {
        let inner = TemplateScope(parent: scope)
        for (target, value) in values { try assign(try evaluate(value, in: scope), to: target, in: inner) }
        return try execute(body, in: inner)
    }

    private func define(_ macro: TemplateMacro, in scope: TemplateScope) -> RuntimeValue {
        register(scope)
        return .macro(MacroBox(macro, scope: scope))
    }

    // MARK: Assignment

    private func executeAssignBlock(
        _ target: TemplateTarget, filters: [TemplateFilterCall], body: [TemplateStatement],
        in scope: TemplateScope
    ) throws(Failure) {
        let value = try captureFiltered(body, filters: filters, in: TemplateScope(parent: scope))
        try checkNamespaces(in: target, scope: scope)
        try assign(value, to: target, in: scope)
    }

    /// What a body writes, through filters.
    private func captureFiltered(
        _ body: [TemplateStatement], filters: [TemplateFilterCall], in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        let text = try capture { () throws(Failure) in _ = try execute(body, in: scope) }
        var value = RuntimeValue.string(text)
        for filter in filters { value = try apply(filter, to: value, in: scope) }
        return value
    }

    /// Refuses members of anything but a namespace, before the value is worked out.
    private func checkNamespaces(in target: TemplateTarget, scope: TemplateScope) throws(Failure) {
        switch target {
        case .name: return
        case .attribute(let name, let member): _ = try namespace(name, member: member, in: scope)
        case .tuple(let targets):
            for target in targets { try checkNamespaces(in: target, scope: scope) }
        }
    }

    private func namespace(
        _ name: String, member: String, in scope: TemplateScope
    ) throws(Failure) -> NamespaceBox {
        guard case .namespace(let box) = scope.find(name) else {
            throw failure("'\(name).\(member)' can only be set when '\(name)' is a namespace")
        }
        return box
    }

    /// Sets names or members of namespaces.
    func assign(_ value: RuntimeValue, to target: TemplateTarget, in scope: TemplateScope) throws(Failure) {
        switch target {
        case .name(let name): scope.variables[name] = value
        case .attribute(let name, let member):
            try set(member, of: try namespace(name, member: member, in: scope), to: value)
        case .tuple(let targets):
            let values = try elements(of: value, for: "unpacking")
            guard values.count == targets.count else {
                throw failure("expected \(targets.count) values to unpack, found \(values.count)")
            }
            for (target, value) in zip(targets, values) { try assign(value, to: target, in: scope) }
        }
    }

    /// Sets a member of a namespace.
    func set(_ member: String, of box: NamespaceBox, to value: RuntimeValue) throws(Failure) {
        guard !PythonText.starts(member, with: "_") else {
            throw failure("a namespace cannot have the member '\(member)': it begins with an underscore")
        }
        try charge(member)
        box.set(member, value)
    }
}
