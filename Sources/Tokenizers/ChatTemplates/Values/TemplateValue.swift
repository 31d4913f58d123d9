/// A value that a chat template can see: what JSON can hold, and `undefined`.
///
/// Objects keep the order of their members, as Python's dictionaries do, because templates print them.
public enum TemplateValue: Sendable, Equatable {
    /// A key of an object and its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public var key: String
        /// The value.
        public var value: TemplateValue

        /// A key and its value.
        public init(key: String, value: TemplateValue) {
            self.key = key
            self.value = value
        }
    }

    /// A variable that was not given: prints as nothing, is false, and is an error in most operations.
    case undefined
    /// Python's `None`, JSON's `null`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// An integer.
    case int(Int)
    /// A floating-point number.
    case double(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([TemplateValue])
    /// An ordered dictionary; of members with the same key the last value counts, in the first one's place.
    case object([Member])
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: TemplateValue...) { self = .array(elements) }
    /// An ordered dictionary.
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
}
