/// A value while a template is rendered. Containers are references, as in Python.
enum RuntimeValue {
    indirect case undefined(UndefinedReason)
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list(SequenceBox)
    case tuple(SequenceBox)
    case dictionary(DictionaryBox)
    /// What `.keys()`, `.values()` and `.items()` give.
    case view(DictionaryView)
    indirect case range(RangeValue)
    /// What filters such as `map` give: a sequence without length that is read once.
    case iterator(ValueIterator)
    case namespace(NamespaceBox)
    case loop(LoopState)
    case function(TemplateFunction)
    case method(BoundMethod)
    case macro(MacroBox)

    /// Python's name for the type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .view(let view): view.kind.rawValue
        case .range: "range"
        case .iterator: "generator"
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .function: "function"
        case .method: "method"
        case .macro: "Macro"
        }
    }

    /// Whether Python takes this as true in a condition.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let box), .tuple(let box): !box.elements.isEmpty
        case .dictionary(let box): box.count > 0
        case .view(let view): view.dictionary.count > 0
        case .range(let range): range.count > 0
        case .iterator, .namespace, .loop, .function, .method, .macro: true
        }
    }

    /// How deep containers nest in here: release, printing and comparison recurse this far.
    var depth: Int {
        switch self {
        case .list(let box), .tuple(let box): box.depth
        case .dictionary(let box): box.depth
        case .view(let view): view.dictionary.depth + 1
        case .iterator(let iterator): iterator.depth
        case .method(let method): method.receiver.depth + 1
        default: 0
        }
    }

    /// The integer that Python takes this as where it wants an index: booleans count.
    var index: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The text, if this is one.
    var text: String? { if case .string(let text) = self { text } else { nil } }
    /// Whether this is undefined.
    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    /// Whether this is `none`.
    var isNone: Bool { if case .none = self { true } else { false } }
}

/// Why a value is undefined, for the error that its use will be.
enum UndefinedReason {
    case variable(String)
    case attribute(String, of: String)
    case element(String, of: String)
    case parameter(String)
    case emptySequence(String)
    case unsafe(String, of: String)

    /// One clause.
    var description: String {
        switch self {
        case .variable(let name): "'\(name)' is undefined"
        case .attribute(let name, let type): "a value of type \(type) has no member '\(name)'"
        case .element(let index, let type): "a value of type \(type) has no element \(index)"
        case .parameter(let name): "parameter '\(name)' was not provided"
        case .emptySequence(let what): "\(what) of an empty sequence is undefined"
        case .unsafe(let name, let type): "'\(name)' of type \(type) would change it, which templates may not"
        }
    }
}

/// `range(start, stop, step)`.
struct RangeValue {
    let start: Int
    let stop: Int
    let step: Int
    let count: Int

    /// The value at a position below `count`.
    subscript(position: Int) -> Int { start &+ position &* step }
}

/// The functions that every template can call.
enum TemplateFunction: String, CaseIterable {
    case range, dict, namespace
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
    case cycle = "loop.cycle"
    case changed = "loop.changed"
}
