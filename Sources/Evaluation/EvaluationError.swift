/// Why a document or a sample could not be made.
public enum EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The shortest prompt of the task, with the tokens to generate, is longer than the length asked for.
    case lengthTooSmall(task: String, length: Int, minimum: Int)
    /// A depth outside 0...100.
    case invalidDepth(Double)
    /// A needle without a word in it.
    case emptyNeedle
    /// A task name that is not one of `known`.
    case unknownTask(String, known: [String])
    /// A text of fewer tokens than the parts that are asked for.
    case textTooShort(tokens: Int, needed: Int)
    /// A haystack without a word in it.
    case emptyHaystack(name: String)
    /// A file that cannot be read, or is not in the form that is expected.
    case unreadable(path: String, reason: String)

    /// One line: what, expected, found, and what to do.
    public var description: String {
        switch self {
        case .lengthTooSmall(let task, let length, let minimum):
            "\(task): \(length) tokens are too few, the shortest prompt and its answer take \(minimum); ask for a greater length"
        case .invalidDepth(let depth):
            "depth \(depth) is not a percentage; give a number from 0 (the document's start) to 100 (its end)"
        case .emptyNeedle:
            "the needle is empty; give a sentence to hide in the document"
        case .unknownTask(let name, let known):
            "no task is named \"\(name)\"; the tasks are \(known.joined(separator: ", "))"
        case .textTooShort(let tokens, let needed):
            "the text has \(tokens) tokens and \(needed) are needed; give a longer text, or shorter lengths or fewer samples"
        case .emptyHaystack(let name):
            "the haystack \(name) has no words in it; give a text"
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        }
    }
}
