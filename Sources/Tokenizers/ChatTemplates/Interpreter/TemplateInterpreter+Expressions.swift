extension TemplateInterpreter {
    /// The value of an expression.
    func evaluate(_ expression: TemplateExpression, in scope: TemplateScope) throws(Failure) -> RuntimeValue {
        try enter()
        defer { leave() }
        line = expression.line
        switch expression.node {
        case .constant(let value): return try constant(value)
        case .name(let name): return resolve(name, in: scope)
        case .list(let elements): return try list(try evaluate(elements, in: scope))
        case .tuple(let elements): return try tuple(try evaluate(elements, in: scope))
        case .dictionary(let members): return try evaluateDictionary(members, in: scope)
        case .attribute(let base, let name): return try member(name, of: try evaluate(base, in: scope))
        case .item(let base, let index): return try evaluateItem(base, index, in: scope)
        case .slice(let base, let slice): return try evaluateSlice(base, slice, in: scope)
        case .call(let callee, let arguments):
            return try evaluateCall(callee, arguments, caller: nil, in: scope)
        case .filter(let base, let filter):
            return try apply(filter, to: try evaluate(base, in: scope), in: scope)
        case .test(let base, let test): return try evaluateTest(base, test, in: scope)
        case .not(let operand): return .bool(try !evaluate(operand, in: scope).isTrue)
        case .negative(let operand): return try negated(try evaluate(operand, in: scope))
        case .positive(let operand): return try positive(try evaluate(operand, in: scope))
        case .arithmetic(let first, let rest): return try evaluateArithmetic(first, rest, in: scope)
        case .concatenation(let operands): return try evaluateConcatenation(operands, in: scope)
        case .comparison(let first, let rest): return try evaluateComparison(first, rest, in: scope)
        case .and(let operands): return try evaluateLogic(operands, until: false, in: scope)
        case .or(let operands): return try evaluateLogic(operands, until: true, in: scope)
        case .conditional(let test, let then, let otherwise):
            return try evaluateConditional(test, then, otherwise, in: scope)
        }
    }

    private func resolve(_ name: String, in scope: TemplateScope) -> RuntimeValue {
        if let value = scope.find(name) { return value }
        switch TemplateFunction(rawValue: name) {
        case .cycle, .changed, nil: return .undefined(.variable(name))
        case .some(let function): return .function(function)
        }
    }

    /// The values of expressions in order.
    func evaluate(_ expressions: [TemplateExpression], in scope: TemplateScope) throws(Failure)
        -> [RuntimeValue]
    {
        var values: [RuntimeValue] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression, in: scope)) }
        return values
    }

    private func evaluateDictionary(
        _ members: [(key: TemplateExpression, value: TemplateExpression)], in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        var values: [(key: RuntimeValue, value: RuntimeValue)] = []
        values.reserveCapacity(members.count)
        for member in members {
            values.append((try evaluate(member.key, in: scope), try evaluate(member.value, in: scope)))
        }
        return try dictionary(values)
    }

    // MARK: Items

    private func evaluateItem(
        _ base: TemplateExpression, _ index: TemplateExpression, in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        let value = try evaluate(base, in: scope)
        return try item(try evaluate(index, in: scope), of: value)
    }

    private func evaluateSlice(
        _ base: TemplateExpression, _ slice: TemplateSlice, in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        let value = try evaluate(base, in: scope)
        let start = try evaluateBound(slice.start, in: scope)
        let stop = try evaluateBound(slice.stop, in: scope)
        let step = try evaluateBound(slice.step, in: scope) ?? 1
        return try self.slice(value, start, stop, step)
    }

    private func evaluateBound(_ bound: TemplateExpression?, in scope: TemplateScope) throws(Failure) -> Int?
    {
        guard let bound else { return nil }
        let value = try evaluate(bound, in: scope)
        if value.isNone { return nil }
        guard let index = value.index else {
            throw failure("the bound of a slice is expected to be an integer, found type \(value.typeName)")
        }
        return index
    }

    // MARK: Operators

    private func evaluateArithmetic(
        _ first: TemplateExpression, _ rest: [(operation: TemplateOperator, operand: TemplateExpression)],
        in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        var result = try evaluate(first, in: scope)
        for (operation, operand) in rest {
            let value = try evaluate(operand, in: scope)
            line = first.line
            result = try arithmetic(operation, result, value)
        }
        return result
    }

    private func evaluateConcatenation(
        _ operands: [TemplateExpression], in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        var result = ""
        for value in try evaluate(operands, in: scope) { result += try text(of: value) }
        return try string(result)
    }

    private func evaluateComparison(
        _ first: TemplateExpression, _ rest: [(operation: TemplateComparison, operand: TemplateExpression)],
        in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        var left = try evaluate(first, in: scope)
        for (operation, operand) in rest {
            let right = try evaluate(operand, in: scope)
            line = first.line
            guard try compare(left, operation, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    /// `and` and `or`: the first operand that decides, or the last one.
    private func evaluateLogic(
        _ operands: [TemplateExpression], until decisive: Bool, in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        var result = RuntimeValue.none
        for operand in operands {
            result = try evaluate(operand, in: scope)
            if result.isTrue == decisive { break }
        }
        return result
    }

    private func evaluateConditional(
        _ test: TemplateExpression, _ then: TemplateExpression, _ otherwise: TemplateExpression?,
        in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        if try evaluate(test, in: scope).isTrue { return try evaluate(then, in: scope) }
        if let otherwise { return try evaluate(otherwise, in: scope) }
        return .undefined(.variable("the missing 'else' of a condition"))
    }

    // MARK: Filters and tests

    /// The value that a filter makes of another.
    func apply(
        _ filter: TemplateFilterCall, to value: RuntimeValue, in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        let arguments = try evaluate(filter.arguments, in: scope)
        line = filter.line
        return try applyFilter(filter.name, to: value, arguments)
    }

    private func evaluateTest(
        _ base: TemplateExpression, _ test: TemplateFilterCall, in scope: TemplateScope
    ) throws(Failure) -> RuntimeValue {
        let value = try evaluate(base, in: scope)
        let arguments = try evaluate(test.arguments, in: scope)
        line = test.line
        return .bool(try applyTest(test.name, to: value, arguments))
    }

    /// The value that the filter of this name makes of another.
    func applyFilter(
        _ name: String, to value: RuntimeValue, _ arguments: TemplateArguments
    ) throws(Failure) -> RuntimeValue {
        guard let filter = TemplateFilters.all[name] else { throw unsupported("the filter '\(name)'") }
        return try filter(self, value, arguments)
    }

    /// Whether the test of this name holds.
    func applyTest(
        _ name: String, to value: RuntimeValue, _ arguments: TemplateArguments
    ) throws(Failure) -> Bool {
        guard let test = TemplateTests.all[name] else { throw unsupported("the test '\(name)'") }
        return try test(self, value, arguments)
    }
}
