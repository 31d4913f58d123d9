/// Decides, token by token, how an answer may go on.
///
/// The sampler asks for the allowed tokens before it draws each token, and tells which one it drew.
public protocol TokenConstraint: Sendable {
    /// The tokens that may come next; never none.
    ///
    /// - Throws: `ConstraintError` when nothing may follow, or when telling would cost too much.
    mutating func allowedTokens() throws(ConstraintError) -> TokenMask

    /// Goes on with a token that was allowed.
    mutating func accept(_ token: Int32)

    /// Whether the answer is whole and cannot go on.
    var isComplete: Bool { get }
}

/// Why a constraint cannot say how an answer may go on.
public enum ConstraintError: Error, Equatable, CustomStringConvertible {
    /// No token of the vocabulary continues the text; `length` bytes are written.
    case deadEnd(length: Int)
    /// A pattern or schema is so ambiguous that following it would take too long.
    case tooComplex

    /// One line that says what happened and what to do.
    public var description: String {
        switch self {
        case .deadEnd(let length):
            "no token of the vocabulary continues the answer as its format wants it, after \(length) bytes; "
                + "allow less nesting or other characters in the schema"
        case .tooComplex:
            "the answer's format can be read in too many ways at once; nest fewer repetitions in its patterns"
        }
    }
}
