/// The tests of `value is name`.
enum TemplateTests {
    typealias Test =
        @Sendable (TemplateInterpreter, RuntimeValue, TemplateArguments) throws(ChatTemplateError) -> Bool

    /// Every test by its name.
    static let all: [String: Test] = kinds.merging(relations) { first, _ in first }

    // MARK: What a value is

    private static func kind(
        _ holds: @escaping @Sendable (TemplateInterpreter, RuntimeValue) throws(ChatTemplateError) -> Bool
    ) -> Test {
        { interpreter, value, arguments throws(ChatTemplateError) in
            _ = try arguments.bound(to: [], of: "is", interpreter)
            return try holds(interpreter, value)
        }
    }

    private static let kinds: [String: Test] = [
        "defined": kind { _, value in !value.isUndefined },
        "undefined": kind { _, value in value.isUndefined },
        "none": kind { _, value in value.isNone },
        "boolean": kind { _, value in if case .bool = value { true } else { false } },
        "true": kind { _, value in if case .bool(true) = value { true } else { false } },
        "false": kind { _, value in if case .bool(false) = value { true } else { false } },
        "integer": kind { _, value in if case .int = value { true } else { false } },
        "float": kind { _, value in if case .double = value { true } else { false } },
        "number": kind { interpreter, value in interpreter.number(value) != nil },
        "string": kind { _, value in value.text != nil },
        "mapping": kind { _, value in if case .dictionary = value { true } else { false } },
        "sequence": kind { _, value in isSequence(value) },
        "iterable": kind { _, value in isIterable(value) },
        "callable": kind { _, value in isCallable(value) },
        "escaped": kind { _, _ in false },
        "lower": kind { interpreter, value throws(ChatTemplateError) in
            PythonText.isLower(try interpreter.text(of: value))
        },
        "upper": kind { interpreter, value throws(ChatTemplateError) in
            PythonText.isUpper(try interpreter.text(of: value))
        },
        "odd": kind { interpreter, value throws(ChatTemplateError) in
            try isRemainder(1, of: value, by: .int(2), interpreter)
        },
        "even": kind { interpreter, value throws(ChatTemplateError) in
            try isRemainder(0, of: value, by: .int(2), interpreter)
        },
        "filter": kind { _, value in value.text.map { TemplateFilters.all[$0] != nil } ?? false },
        "test": kind { _, value in value.text.map { all[$0] != nil } ?? false },
    ]

    private static func isSequence(_ value: RuntimeValue) -> Bool {
        switch value {
        case .string, .list, .tuple, .dictionary, .range, .undefined: true
        default: false
        }
    }

    private static func isIterable(_ value: RuntimeValue) -> Bool {
        switch value {
        case .view, .iterator, .loop: true
        default: isSequence(value)
        }
    }

    private static func isCallable(_ value: RuntimeValue) -> Bool {
        switch value {
        case .function, .method, .macro, .loop, .undefined: true
        default: false
        }
    }

    private static func isRemainder(
        _ remainder: Int, of value: RuntimeValue, by divisor: RuntimeValue, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> Bool {
        try interpreter.equal(try interpreter.arithmetic(.modulo, value, divisor), .int(remainder))
    }

    // MARK: How a value stands to another

    private static func relation(
        _ holds:
            @escaping @Sendable (TemplateInterpreter, RuntimeValue, RuntimeValue) throws(ChatTemplateError) ->
            Bool
    ) -> Test {
        { interpreter, value, arguments throws(ChatTemplateError) in
            let other = try arguments.bound(to: ["other"], required: 1, of: "is", interpreter)[0]
            return try holds(interpreter, value, other ?? .none)
        }
    }

    private static func comparison(_ operation: TemplateComparison) -> Test {
        relation { interpreter, value, other throws(ChatTemplateError) in
            try interpreter.compare(value, operation, other)
        }
    }

    private static let relations: [String: Test] = [
        "eq": comparison(.equal), "equalto": comparison(.equal), "==": comparison(.equal),
        "ne": comparison(.notEqual), "!=": comparison(.notEqual),
        "lt": comparison(.less), "lessthan": comparison(.less), "<": comparison(.less),
        "le": comparison(.lessOrEqual), "<=": comparison(.lessOrEqual),
        "gt": comparison(.greater), "greaterthan": comparison(.greater), ">": comparison(.greater),
        "ge": comparison(.greaterOrEqual), ">=": comparison(.greaterOrEqual),
        "in": comparison(.contained),
        "sameas": relation { interpreter, value, other throws(ChatTemplateError) in
            try isSame(value, other, interpreter)
        },
        "divisibleby": relation { interpreter, value, other throws(ChatTemplateError) in
            try isRemainder(0, of: value, by: other, interpreter)
        },
    ]

    /// Python's `is`; equal texts and numbers count as the same object.
    private static func isSame(
        _ value: RuntimeValue, _ other: RuntimeValue, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> Bool {
        switch (value, other) {
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)): left === right
        case (.dictionary(let left), .dictionary(let right)): left === right
        default: value.typeName == other.typeName ? try interpreter.equal(value, other) : false
        }
    }
}
