/// Why a tokenizer could not be loaded, or a text not be encoded.
public struct TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, for programs; more kinds may come.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        /// A file is missing or cannot be read.
        public static let unreadableFile = Kind(description: "unreadable file")
        /// A file is not what its format says: broken JSON, a missing key, a wrong type, contradicting ids.
        public static let malformedFile = Kind(description: "malformed file")
        /// A file asks for something that this package does not do.
        public static let unsupported = Kind(description: "unsupported")
        /// A text is not UTF-8.
        public static let invalidText = Kind(description: "invalid text")
    }

    /// What went wrong, for programs.
    public let kind: Kind
    /// The path or name of the file, or nil when the error is about a text.
    public let file: String?
    /// What is wrong, where, and what was expected.
    public let reason: String

    /// An error of a kind.
    public init(_ kind: Kind, file: String? = nil, reason: String) {
        self.kind = kind
        self.file = file
        self.reason = reason
    }

    /// One line: the file and the reason.
    public var description: String {
        if let file { "\(file): \(reason)" } else { reason }
    }
}
