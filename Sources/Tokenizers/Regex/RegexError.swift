/// Why a pattern cannot be used.
struct RegexError: Error, CustomStringConvertible {
    /// What is wrong.
    let reason: String
    /// Where, in characters from the start of the pattern.
    let offset: Int

    var description: String { "\(reason), at character \(offset)" }
}
