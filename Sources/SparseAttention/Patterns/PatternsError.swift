/// What is wrong with a file of head patterns.
public enum PatternsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(path: String, reason: String)
    /// The file cannot be written.
    case unwritable(path: String, reason: String)
    /// The text is not the JSON that such a file holds.
    case malformed(reason: String)
    /// The file is of a version that is not known.
    case unknownVersion(found: String, supported: Int)
    /// The file was made for another model of the same size.
    case otherModel(found: String, expected: String)
    /// The file has patterns for another number of layers than the model has.
    case layerCount(found: Int, expected: Int)
    /// The file has patterns for another number of query heads than the model has.
    case headCount(layer: Int, found: Int, expected: Int)
    /// A layer's object has a key that is not a head number.
    case headNotANumber(layer: Int, key: String)
    /// A head is there twice.
    case duplicateHead(layer: Int, head: Int)
    /// A head's entry names a pattern type that is not known.
    case unknownType(layer: Int, head: Int, found: String)
    /// A head's entry has a wrong form or size.
    case invalidEntry(layer: Int, head: Int, reason: String)

    /// The pattern types of the format.
    public static let supportedTypes = [
        "vertical_and_slash", "flex_vertical_and_slash", "stream_llm", "block_sparse", "dense",
    ]

    /// One line that says what, where, what was expected and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "patterns file \(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "patterns file \(path) cannot be written: \(reason)"
        case .malformed(let reason):
            "patterns file is not an array of layers, each an object of heads as [type, size, size, score]: \(reason)"
        case .unknownVersion(let found, let supported):
            "patterns file is of version \(found), this program reads version \(supported); search again"
        case .otherModel(let found, let expected):
            "patterns file was made for the model \(found), this one is \(expected); search patterns for it with "
                + "'minference search', or use a file in the reference's format to share patterns"
        case .layerCount(let found, let expected):
            "patterns file has \(found) layers, the model has \(expected); use the file that was searched for this model"
        case .headCount(let layer, let found, let expected):
            "patterns file has \(found) heads in layer \(layer), the model has \(expected) query heads; "
                + "use the file that was searched for this model"
        case .headNotANumber(let layer, let key):
            "patterns file, layer \(layer): \"\(key)\" is not a head number (expected \"0\", \"1\", ...)"
        case .duplicateHead(let layer, let head): "patterns file, layer \(layer): head \(head) is there twice"
        case .unknownType(let layer, let head, let found):
            "patterns file, layer \(layer), head \(head): unknown pattern type \"\(found)\"; "
                + "supported are \(Self.supportedTypes.joined(separator: ", "))"
        case .invalidEntry(let layer, let head, let reason):
            "patterns file, layer \(layer), head \(head): \(reason)"
        }
    }
}
