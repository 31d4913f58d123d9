/// What a generation streams: pieces of text, then once what it took.
public enum Generation: Sendable {
    /// The next piece of the answer; whole characters only.
    case chunk(String)
    /// The last element: counts, times and what attention dropped.
    case info(GenerateCompletionInfo)

    /// The text of a piece, or nil.
    public var chunk: String? { if case .chunk(let text) = self { text } else { nil } }
    /// The information, or nil.
    public var info: GenerateCompletionInfo? { if case .info(let info) = self { info } else { nil } }
}
