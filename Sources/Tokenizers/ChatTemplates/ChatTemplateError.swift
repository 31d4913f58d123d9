/// Why a chat template could not be read or rendered, and on which of its lines.
public struct ChatTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, coarsely.
    public struct Kind: Hashable, Sendable {
        private let name: String

        /// The text is not a valid template.
        public static let syntax = Kind(name: "syntax")
        /// The template uses a Jinja feature outside the subset that chat templates use.
        public static let unsupported = Kind(name: "unsupported")
        /// An operation met a value that is not defined.
        public static let undefinedValue = Kind(name: "undefined value")
        /// An operation met a value that it has no meaning for.
        public static let invalidOperation = Kind(name: "invalid operation")
        /// The template needs more work, nesting or output than its limits allow.
        public static let limitExceeded = Kind(name: "limit exceeded")
        /// The template itself refused the conversation through `raise_exception`.
        public static let raised = Kind(name: "raised")
    }

    /// What went wrong, coarsely.
    public let kind: Kind
    /// The line of the template, counted from 1.
    public let line: Int
    /// What is wrong; for `.raised` exactly the template's own words.
    public let message: String

    /// An error on a line of a template.
    public init(_ kind: Kind, line: Int, _ message: String) {
        self.kind = kind
        self.line = line
        self.message = message
    }

    /// One line: the place and the reason.
    public var description: String {
        let text = "chat template, line \(line): "
        return kind == .raised ? text + "the template refuses this conversation: \(message)" : text + message
    }
}
