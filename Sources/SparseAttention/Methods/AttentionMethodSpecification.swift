/// An attention method with options as people write it: `NAME` or `NAME:key=value,key=value`.
public struct AttentionMethodSpecification: Sendable, Hashable {
    /// A key with its value.
    public struct Option: Sendable, Hashable {
        /// The option's name.
        public var key: String
        /// Its value as written.
        public var value: String
    }

    /// The method's name.
    public var name: String
    /// The options, in the order written, each key once.
    public private(set) var options: [Option] = []

    /// Parses `text`; whether the method and its options exist is checked by `AttentionMethods`.
    ///
    /// Throws `AttentionMethodError`.
    public init(parsing text: String) throws(AttentionMethodError) {
        let (head, tail) = Self.split(text, at: ":")
        guard !head.isEmpty else { throw .malformed(text, reason: "the name is missing") }
        name = head
        guard let tail else { return }
        guard !tail.isEmpty else { throw .malformed(text, reason: "no option after ':'") }
        for part in tail.split(separator: ",", omittingEmptySubsequences: false) {
            let (key, value) = Self.split(String(part), at: "=")
            guard !key.isEmpty, let value, !value.isEmpty else {
                throw .malformed(text, reason: "\"\(part)\" is not key=value")
            }
            guard !options.contains(where: { $0.key == key }) else {
                throw .repeatedOption(method: name, option: key)
            }
            options.append(Option(key: key, value: value))
        }
    }

    /// The methods of `NAME...+LAYER=NAME...`: the first from layer 0, each other from the layer before its name.
    ///
    /// Throws `AttentionMethodError`.
    static func layers(
        parsing text: String
    ) throws(AttentionMethodError) -> [(firstLayer: Int, specification: Self)] {
        var parts: [(firstLayer: Int, text: String)] = [(0, "")]
        for (number, piece) in text.split(separator: "+", omittingEmptySubsequences: false).enumerated() {
            let (layer, rest) = split(String(piece), at: "=")
            if number > 0, let first = Int(layer), let rest {
                guard first > parts[parts.count - 1].firstLayer else {
                    throw .malformed(text, reason: "layer \(first) does not come after the one before it")
                }
                parts.append((first, rest))
            } else {
                // A plus sign within an option, of a file's name say.
                parts[parts.count - 1].text += (number > 0 ? "+" : "") + piece
            }
        }
        var methods: [(Int, Self)] = []
        for part in parts { methods.append((part.firstLayer, try Self(parsing: part.text))) }
        return methods
    }

    /// The value of an option, or nil.
    public subscript(key: String) -> String? { options.first { $0.key == key }?.value }

    private static func split(_ text: String, at separator: Character) -> (String, String?) {
        guard let place = text.firstIndex(of: separator) else { return (text, nil) }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }
}

extension AttentionMethodSpecification {
    /// An integer option of at least `least`, or nil when it is not given.
    func integer(_ key: String, atLeast least: Int) throws(AttentionMethodError) -> Int? {
        guard let text = self[key] else { return nil }
        guard let value = Int(text), value >= least else {
            throw .invalidValue(
                method: name, option: key, value: text, expected: "an integer of at least \(least)")
        }
        return value
    }

    /// An option above 0 and at most 1, or nil when it is not given.
    func share(_ key: String) throws(AttentionMethodError) -> Double? {
        guard let text = self[key] else { return nil }
        guard let value = Double(text), value > 0, value <= 1 else {
            throw .invalidValue(
                method: name, option: key, value: text, expected: "a number above 0 and at most 1")
        }
        return value
    }

    /// A positive integer option that is a multiple of `unit`, or nil when it is not given.
    func integer(_ key: String, multipleOf unit: Int) throws(AttentionMethodError) -> Int? {
        guard let text = self[key] else { return nil }
        guard let value = Int(text), value > 0, value % unit == 0, value <= 1 << 20 else {
            throw .invalidValue(
                method: name, option: key, value: text, expected: "a multiple of \(unit) up to \(1 << 20)")
        }
        return value
    }

    /// A finite option above 0, or nil when it is not given.
    func positive(_ key: String) throws(AttentionMethodError) -> Double? {
        guard let text = self[key] else { return nil }
        guard let value = Double(text), value > 0, value < .infinity else {
            throw .invalidValue(method: name, option: key, value: text, expected: "a number above 0")
        }
        return value
    }

    /// An option between 0 and 1, or nil when it is not given.
    func fraction(_ key: String) throws(AttentionMethodError) -> Double? {
        guard let text = self[key] else { return nil }
        guard let value = Double(text), value >= 0, value <= 1 else {
            throw .invalidValue(
                method: name, option: key, value: text, expected: "a number between 0 and 1")
        }
        return value
    }

    /// One of a few words, or nil when it is not given.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Word.Type
    ) throws(AttentionMethodError) -> Word? where Word.RawValue == String {
        guard let text = self[key] else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: " or ")
            throw .invalidValue(method: name, option: key, value: text, expected: words)
        }
        return word
    }
}

/// `yes` or `no`, as options are written.
enum YesOrNo: String, CaseIterable {
    case yes, no
}
