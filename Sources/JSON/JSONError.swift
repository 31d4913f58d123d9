/// Where and why a text is not the JSON that was expected.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The offset of the offending byte.
    public let offset: Int
    /// What is wrong there.
    public let reason: String

    /// An error at a byte offset.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// One line: the reason and the byte.
    public var description: String { "\(reason) at byte \(offset)" }
}
