/// One rendering of a template: walks its statements, holds the output and counts what it costs.
final class TemplateInterpreter {
    typealias Failure = ChatTemplateError

    private let limits: ChatTemplateLimits
    let clock: ChatTemplateClock
    /// The line being rendered, for errors.
    var line = 1
    private var steps = 0
    private var depth = 0
    /// What was written so far, by the template or by the macro or block that is being captured.
    private var output = ""
    /// What could be part of a reference cycle; emptied at the end, which also keeps release from recursing far.
    private var releasables: [any Releasable] = []

    init(limits: ChatTemplateLimits, clock: ChatTemplateClock) {
        self.limits = limits
        self.clock = clock
    }

    /// What `body` writes with these variables.
    func render(
        _ body: [TemplateStatement], variables: [String: TemplateValue]
    ) throws(Failure) -> String {
        let scope = TemplateScope(parent: nil)
        defer {
            scope.release()
            for object in releasables { object.release() }
            releasables = []
        }
        for (name, value) in variables { scope.variables[name] = try runtimeValue(value) }
        // The template's own variables hide the given ones without replacing them.
        _ = try execute(body, in: TemplateScope(parent: scope))
        return output
    }

    // MARK: Errors

    /// An error on the current line.
    func failure(_ message: String) -> Failure { Failure(.invalidOperation, line: line, message) }

    /// The error that the use of an undefined value is.
    func failure(_ reason: UndefinedReason) -> Failure {
        Failure(.undefinedValue, line: line, reason.description)
    }

    /// The error of a limit.
    func limitFailure(_ message: String) -> Failure { Failure(.limitExceeded, line: line, message) }

    /// The error of a feature that is left out.
    func unsupported(_ what: String) -> Failure {
        Failure(.unsupported, line: line, "\(what) is not supported")
    }

    // MARK: Limits

    /// Counts work.
    func charge(_ count: Int = 1) throws(Failure) {
        steps &+= count
        guard steps <= limits.steps, steps >= 0 else {
            throw limitFailure("the template needs more than \(limits.steps) steps")
        }
    }

    /// Counts work on a text.
    func charge(_ text: String) throws(Failure) { try charge(1 + text.utf8.count >> 5) }

    /// Goes one level deeper for `body`.
    func nested<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try enter()
        defer { leave() }
        return try body()
    }

    /// Goes one level deeper; `leave` must follow.
    func enter() throws(Failure) {
        guard depth < ChatTemplateLimits.evaluationDepth else {
            throw limitFailure(
                "the template calls itself deeper than \(ChatTemplateLimits.evaluationDepth) levels")
        }
        depth += 1
        steps &+= 1
        guard steps <= limits.steps else {
            depth -= 1
            throw limitFailure("the template needs more than \(limits.steps) steps")
        }
    }

    /// Goes back a level.
    func leave() { depth -= 1 }

    /// Marks an object as possible part of a reference cycle.
    func register(_ object: any Releasable) { releasables.append(object) }

    // MARK: Output

    /// Writes text.
    func write(_ text: String) throws(Failure) {
        guard output.utf8.count + text.utf8.count <= limits.outputBytes else {
            throw limitFailure("the output has more than \(limits.outputBytes) bytes")
        }
        try charge(text)
        output += text
    }

    /// What `body` writes, taken out of the output.
    func capture(_ body: () throws(Failure) -> Void) throws(Failure) -> String {
        let outer = output
        output = ""
        defer { output = outer }
        try body()
        return output
    }

    // MARK: Making values

    /// The most bytes of a single text.
    var limitOfText: Int { limits.outputBytes }

    /// A text that an operation made.
    func string(_ text: String) throws(Failure) -> RuntimeValue {
        guard text.utf8.count <= limits.outputBytes else {
            throw limitFailure("a text has more than \(limits.outputBytes) bytes")
        }
        try charge(text)
        return .string(text)
    }

    /// A new list.
    func list(_ elements: [RuntimeValue]) throws(Failure) -> RuntimeValue { .list(try sequence(elements)) }

    /// A new tuple.
    func tuple(_ elements: [RuntimeValue]) throws(Failure) -> RuntimeValue { .tuple(try sequence(elements)) }

    /// A sequence to be read once.
    func iterator(_ elements: [RuntimeValue]) throws(Failure) -> RuntimeValue {
        try charge(elements.count)
        let iterator = ValueIterator(elements)
        try checkDepth(iterator.depth)
        return .iterator(iterator)
    }

    private func sequence(_ elements: [RuntimeValue]) throws(Failure) -> SequenceBox {
        try charge(elements.count)
        let box = SequenceBox(elements)
        try checkDepth(box.depth)
        return box
    }

    /// A new dictionary; of equal keys the last value counts.
    func dictionary(_ members: [(key: RuntimeValue, value: RuntimeValue)]) throws(Failure) -> RuntimeValue {
        let box = DictionaryBox()
        for member in members { try box.set(key(member.key), member.value) }
        try checkDepth(box.depth)
        return .dictionary(box)
    }

    /// A value as a key of a dictionary.
    func key(_ value: RuntimeValue) throws(Failure) -> DictionaryKey {
        if case .string(let text) = value { try charge(text) } else { try charge() }
        guard let key = DictionaryKey(value) else {
            if case .tuple = value { throw unsupported("a tuple as a key") }
            throw failure("a value of type \(value.typeName) cannot be a key")
        }
        return key
    }

    /// A value as a key that is looked for; nil for what could be a key in Python but is none here.
    func sought(_ value: RuntimeValue) throws(Failure) -> DictionaryKey? {
        switch value {
        case .undefined, .none, .bool, .int, .double, .string, .list, .dictionary: try key(value)
        default: nil
        }
    }

    /// Refuses containers that nest too deep.
    func checkDepth(_ depth: Int) throws(Failure) {
        guard depth <= ChatTemplateLimits.valueDepth else {
            throw limitFailure("values nest deeper than \(ChatTemplateLimits.valueDepth) levels")
        }
    }

    private func runtimeValue(_ value: TemplateValue, depth: Int = 0) throws(Failure) -> RuntimeValue {
        try checkDepth(depth)
        switch value {
        case .undefined: return .undefined(.variable("value"))
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .string(let value): return .string(value)
        case .array(let elements):
            var values: [RuntimeValue] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try runtimeValue(element, depth: depth + 1)) }
            return .list(SequenceBox(values))
        case .object(let members):
            let box = DictionaryBox()
            for member in members {
                box.set(.string(member.key), try runtimeValue(member.value, depth: depth + 1))
            }
            return .dictionary(box)
        }
    }

    /// A literal of the template.
    func constant(_ value: TemplateValue) throws(Failure) -> RuntimeValue { try runtimeValue(value) }
}
