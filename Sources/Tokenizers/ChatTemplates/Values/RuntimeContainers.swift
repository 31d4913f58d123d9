/// Something that can be part of a reference cycle, and is emptied when rendering ends.
protocol Releasable: AnyObject {
    func release()
}

/// The elements of a list or a tuple.
final class SequenceBox: Releasable {
    var elements: [RuntimeValue]
    private(set) var depth: Int

    init(_ elements: [RuntimeValue]) {
        self.elements = elements
        depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
    }

    /// Takes note that `element` is about to be added.
    func deepen(for element: RuntimeValue) { depth = max(depth, element.depth + 1) }

    func release() { elements = [] }
}

/// An ordered dictionary, which templates cannot change.
final class DictionaryBox {
    private(set) var keys: [RuntimeValue] = []
    private(set) var values: [RuntimeValue] = []
    private(set) var depth = 1
    /// Positions by key; small dictionaries are searched instead.
    private var positions: [DictionaryKey: Int] = [:]
    private static let searchedCount = 8

    var count: Int { keys.count }

    /// Sets a member while the dictionary is made.
    func set(_ key: DictionaryKey, _ value: RuntimeValue) {
        depth = max(depth, value.depth + 1)
        if let position = position(of: key) {
            values[position] = value
            return
        }
        keys.append(key.value)
        values.append(value)
        if count == Self.searchedCount + 1 {
            for (position, key) in keys.enumerated() {
                if let key = DictionaryKey(key) { positions[key] = position }
            }
        } else if count > Self.searchedCount {
            positions[key] = count - 1
        }
    }

    /// The value of a key.
    subscript(key: DictionaryKey) -> RuntimeValue? { position(of: key).map { values[$0] } }

    private func position(of key: DictionaryKey) -> Int? {
        if count > Self.searchedCount { return positions[key] }
        return keys.firstIndex { DictionaryKey($0) == key }
    }
}

/// A key with Python's equality: `1`, `1.0` and `true` are the same key, texts compare by code points.
enum DictionaryKey: Hashable {
    case undefined
    case none
    case int(Int)
    case double(Double)
    case bool(Bool)
    case string(String)

    /// A key, unless the value cannot be one.
    init?(_ value: RuntimeValue) {
        switch value {
        case .undefined: self = .undefined
        case .none: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        default: return nil
        }
    }

    /// The value as a template sees it.
    var value: RuntimeValue {
        switch self {
        case .undefined: .undefined(.variable("a key"))
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        }
    }

    private var integer: Int? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    static func == (left: DictionaryKey, right: DictionaryKey) -> Bool {
        if let integer = left.integer { return integer == right.integer }
        return switch (left, right) {
        case (.none, .none), (.undefined, .undefined): true
        case (.double(let left), .double(let right)): left == right
        case (.string(let left), .string(let right)): PythonText.equal(left, right)
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        if let integer {
            hasher.combine(integer)
        } else if case .double(let value) = self {
            hasher.combine(value)
        } else if case .string(var text) = self {
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}

/// A live look at a dictionary's keys, values or pairs.
struct DictionaryView {
    enum Kind: String {
        case keys = "dict_keys"
        case values = "dict_values"
        case items = "dict_items"
    }

    let kind: Kind
    let dictionary: DictionaryBox

    /// What the view goes over.
    var elements: [RuntimeValue] {
        switch kind {
        case .keys: dictionary.keys
        case .values: dictionary.values
        case .items: dictionary.items
        }
    }
}

extension DictionaryBox {
    /// The members as pairs.
    var items: [RuntimeValue] {
        zip(keys, values).map { .tuple(SequenceBox([$0, $1])) }
    }
}

/// What `namespace()` makes: the one thing whose members a template can set.
final class NamespaceBox: Releasable {
    private(set) var members = DictionaryBox()

    func set(_ name: String, _ value: RuntimeValue) { members.set(.string(name), value) }

    func release() { members = DictionaryBox() }
}

/// A method and the value it belongs to.
final class BoundMethod {
    let receiver: RuntimeValue
    let name: String

    init(_ receiver: RuntimeValue, _ name: String) {
        self.receiver = receiver
        self.name = name
    }
}

/// A macro and the variables it was defined among.
final class MacroBox {
    let definition: TemplateMacro
    let scope: TemplateScope

    init(_ definition: TemplateMacro, scope: TemplateScope) {
        self.definition = definition
        self.scope = scope
    }
}
