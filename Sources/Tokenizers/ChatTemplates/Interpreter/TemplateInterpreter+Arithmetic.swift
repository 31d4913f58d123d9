extension TemplateInterpreter {
    /// A binary operator.
    func arithmetic(
        _ operation: TemplateOperator, _ left: RuntimeValue, _ right: RuntimeValue
    ) throws(Failure) -> RuntimeValue {
        if case .string(let format) = left, operation == .modulo { return try self.format(format, right) }
        if case .undefined(let reason) = left { throw failure(reason) }
        if case .undefined(let reason) = right { throw failure(reason) }
        if let left = left.index, let right = right.index { return try arithmetic(operation, left, right) }
        if let left = number(left), let right = number(right) {
            return try arithmetic(operation, left, right)
        }
        switch operation {
        case .add:
            if let sum = try joined(left, right) { return sum }
        case .multiply:
            if let count = right.index, let product = try repeated(left, count) { return product }
            if let count = left.index, let product = try repeated(right, count) { return product }
        default: break
        }
        throw failure(
            "'\(operation.rawValue)' has no meaning between types \(left.typeName) and \(right.typeName)")
    }

    /// The number, an integer's too, as a double.
    func number(_ value: RuntimeValue) -> Double? {
        if case .double(let value) = value { return value }
        return value.index.map { Double($0) }
    }

    /// `-value`.
    func negated(_ value: RuntimeValue) throws(Failure) -> RuntimeValue {
        if let integer = value.index { return try arithmetic(.subtract, 0, integer) }
        guard let number = number(try positive(value)) else { return value }
        return .double(-number)
    }

    /// `+value`.
    func positive(_ value: RuntimeValue) throws(Failure) -> RuntimeValue {
        if let integer = value.index { return .int(integer) }
        if case .undefined(let reason) = value { throw failure(reason) }
        guard case .double = value else {
            throw failure("a sign expects a number, found a value of type \(value.typeName)")
        }
        return value
    }

    // MARK: Numbers

    private func arithmetic(_ operation: TemplateOperator, _ left: Int, _ right: Int) throws(Failure)
        -> RuntimeValue
    {
        switch operation {
        case .add: return try exact(left.addingReportingOverflow(right))
        case .subtract: return try exact(left.subtractingReportingOverflow(right))
        case .multiply: return try exact(left.multipliedReportingOverflow(by: right))
        case .power where right >= 0: return try power(left, right)
        case .floorDivide, .modulo:
            guard right != 0 else { throw divisionByZero }
            let (quotient, overflow) = left.dividedReportingOverflow(by: right)
            if overflow { return operation == .modulo ? .int(0) : try exact((quotient, overflow)) }
            let remainder = left % right
            let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
            if operation == .modulo { return .int(isBelow ? remainder + right : remainder) }
            return .int(isBelow ? quotient - 1 : quotient)
        default: return try arithmetic(operation, Double(left), Double(right))
        }
    }

    private var divisionByZero: Failure { failure("division by zero") }

    private func exact(_ result: (partialValue: Int, overflow: Bool)) throws(Failure) -> RuntimeValue {
        guard !result.overflow else { throw limitFailure("an integer has more than 64 bits") }
        return .int(result.partialValue)
    }

    private func power(_ base: Int, _ exponent: Int) throws(Failure) -> RuntimeValue {
        if base == 0 || base == 1 || exponent == 0 { return .int(exponent == 0 ? 1 : base) }
        if base == -1 { return .int(exponent % 2 == 0 ? 1 : -1) }
        var result = 1
        for _ in 0..<min(exponent, 64) {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { return try exact((product, overflow)) }
            result = product
        }
        return .int(result)
    }

    private func arithmetic(
        _ operation: TemplateOperator, _ left: Double, _ right: Double
    ) throws(Failure) -> RuntimeValue {
        switch operation {
        case .add: return .double(left + right)
        case .subtract: return .double(left - right)
        case .multiply: return .double(left * right)
        case .divide:
            guard right != 0 else { throw divisionByZero }
            return .double(left / right)
        case .floorDivide, .modulo:
            guard right != 0 else { throw divisionByZero }
            let (quotient, remainder) = PythonNumber.divide(left, by: right)
            return .double(operation == .modulo ? remainder : quotient)
        case .power:
            guard left != 0 || right >= 0 else { throw divisionByZero }
            let result = PythonNumber.power(left, right)
            guard result.isFinite || !left.isFinite || !right.isFinite else {
                throw failure("a power is out of the range of numbers")
            }
            return .double(result)
        default: throw failure("'\(operation.rawValue)' is no arithmetic operator")
        }
    }

    // MARK: Sequences

    private func joined(_ left: RuntimeValue, _ right: RuntimeValue) throws(Failure) -> RuntimeValue? {
        switch (left, right) {
        case (.string(let left), .string(let right)): return try string(left + right)
        case (.list(let left), .list(let right)): return try list(left.elements + right.elements)
        case (.tuple(let left), .tuple(let right)): return try tuple(left.elements + right.elements)
        default: return nil
        }
    }

    /// A text or sequence several times over.
    private func repeated(_ value: RuntimeValue, _ count: Int) throws(Failure) -> RuntimeValue? {
        let count = max(count, 0)
        switch value {
        case .string(let text):
            try chargeProduct(text.utf8.count, count, per: 32)
            return try string(text.isEmpty ? "" : String(repeating: text, count: count))
        case .list(let box), .tuple(let box):
            try chargeProduct(box.elements.count, count, per: 1)
            let elements =
                box.elements.isEmpty ? [] : Array(repeatElement(box.elements, count: count).joined())
            if case .list = value { return try list(elements) }
            return try tuple(elements)
        default: return nil
        }
    }

    /// Counts the work of a repetition before it is done.
    func chargeProduct(_ size: Int, _ count: Int, per unit: Int) throws(Failure) {
        let (total, overflow) = size.multipliedReportingOverflow(by: count)
        try charge(overflow ? Int.max >> 1 : total / unit)
    }
}
