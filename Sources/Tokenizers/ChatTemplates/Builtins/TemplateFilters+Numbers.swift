extension TemplateFilters {
    static let ofNumbers: [String: Filter] = [
        "abs": plain("abs") { interpreter, value throws(ChatTemplateError) in
            if let integer = value.index {
                return integer < 0 ? try interpreter.negated(value) : .int(integer)
            }
            guard let number = interpreter.number(try interpreter.positive(value)) else { return value }
            return .double(number.magnitude)
        },
        "int": int, "float": float, "round": round,
    ]

    private static let int: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["default", "base"], of: "int", interpreter)
        let fallback = values[0] ?? .int(0)
        let base = try interpreter.integer(values[1], "base") ?? 10
        guard base == 0 || (2...36).contains(base) else {
            throw interpreter.failure("'int' expects a base of 0 or from 2 to 36, found \(base)")
        }
        if let integer = value.index { return .int(integer) }
        switch value {
        case .undefined(let reason): throw interpreter.failure(reason)
        case .double(let number):
            if number.isInfinite { throw interpreter.failure("an infinite number has no integer") }
            return number.isNaN ? fallback : try integer(number, interpreter)
        case .string(let text):
            try interpreter.charge(text)
            if let integer = PythonNumber.integer(text, base: base) { return .int(integer) }
            guard let number = PythonNumber.double(text), number.isFinite else { return fallback }
            return try integer(number, interpreter)
        default: return fallback
        }
    }

    private static func integer(
        _ number: Double, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        guard let integer = Int(exactly: number.rounded(.towardZero)) else {
            throw interpreter.limitFailure("an integer has more than 64 bits")
        }
        return .int(integer)
    }

    private static let float: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["default"], of: "float", interpreter)
        if let number = interpreter.number(value) { return .double(number) }
        switch value {
        case .undefined(let reason): throw interpreter.failure(reason)
        case .string(let text):
            try interpreter.charge(text)
            if let number = PythonNumber.double(text) { return .double(number) }
        default: break
        }
        return values[0] ?? .double(0)
    }

    private static let round: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["precision", "method"], of: "round", interpreter)
        let digits = try interpreter.integer(values[0], "precision") ?? 0
        let method = try interpreter.string(values[1], "method") ?? "common"
        guard (-400...400).contains(digits) else {
            throw interpreter.limitFailure("'round' expects a precision from -400 to 400, found \(digits)")
        }
        if method == "common" {
            if let integer = value.index { return try rounded(integer, digits: digits, interpreter) }
            guard let number = interpreter.number(try interpreter.positive(value)) else { return value }
            return .double(PythonNumber.round(number, digits: digits))
        }
        guard method == "ceil" || method == "floor" else {
            throw interpreter.failure(
                "'round' expects the method 'common', 'ceil' or 'floor', found '\(method)'")
        }
        let scale = PythonNumber.power(10, Double(digits))
        guard let number = interpreter.number(try interpreter.positive(value)), (number * scale).isFinite,
            scale > 0
        else {
            throw interpreter.failure("'round' meets a number that is out of range")
        }
        return .double((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
    }

    /// `round(integer, digits)`: an integer again; ties go to the even neighbour.
    private static func rounded(
        _ integer: Int, digits: Int, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        guard digits < 0 else { return .int(integer) }
        guard digits > -19 else { return .int(0) }
        let unit = (0..<(-digits)).reduce(1) { unit, _ in unit * 10 }
        let remainder = ((integer % unit) + unit) % unit
        let (below, overflow) = integer.subtractingReportingOverflow(remainder)
        guard !overflow else { throw interpreter.limitFailure("an integer has more than 64 bits") }
        let isUp = remainder > unit / 2 || (remainder == unit / 2 && (below / unit) % 2 != 0)
        return isUp ? try interpreter.arithmetic(.add, .int(below), .int(unit)) : .int(below)
    }
}
