/// What is wrong with the choice of an attention method.
public enum AttentionMethodError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no method of this name.
    case unknownMethod(String)
    /// The text is not `NAME` or `NAME:key=value,...`.
    case malformed(String, reason: String)
    /// The method has no such option.
    case unknownOption(method: String, option: String, known: [String])
    /// An option is given twice.
    case repeatedOption(method: String, option: String)
    /// An option's value cannot be used.
    case invalidValue(method: String, option: String, value: String, expected: String)
    /// Two ways to say the same thing are given.
    case conflict(method: String, reason: String)

    /// One line that says what, what was expected and what to do.
    public var description: String {
        switch self {
        case .unknownMethod(let name):
            "unknown attention method \"\(name)\"; known are \(AttentionMethods.all.map(\.name).joined(separator: ", "))"
        case .malformed(let text, let reason):
            "attention method \"\(text)\": \(reason); write NAME or NAME:key=value,key=value"
        case .unknownOption(let method, let option, let known):
            known.isEmpty
                ? "attention method \(method) has no option \"\(option)\": it takes none"
                : "attention method \(method) has no option \"\(option)\"; it takes \(known.joined(separator: ", "))"
        case .repeatedOption(let method, let option):
            "attention method \(method): option \(option) is given twice; leave one out"
        case .invalidValue(let method, let option, let value, let expected):
            "attention method \(method): \(option)=\(value) cannot be used; expected \(expected)"
        case .conflict(let method, let reason): "attention method \(method): \(reason)"
        }
    }
}
