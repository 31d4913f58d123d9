/// Over which rows the indexes of a prompt are estimated.
public struct Estimation: Sendable, Hashable {
    /// Tokens of a chunk; nil for the whole prompt.
    public let chunkSize: Int?

    /// One estimate from the last rows of the whole prompt, as the reference does. Keys and values of deeper layers
    /// then depend on what the prompt ends with.
    public static let prompt = Estimation(chunkSize: nil)

    /// One estimate for each chunk of a fixed grid, from the chunk's own last rows. Keys and values are then a function
    /// of the tokens before them alone, up to the end of their chunk: prefixes of whole chunks can be reused.
    public static func chunks(of size: Int = 16384) -> Estimation {
        precondition(size > 0, "a chunk has tokens")
        return Estimation(chunkSize: size)
    }

    /// The runs of positions in `tokens` that are estimated together; chunks lie on the grid of the whole prompt.
    public func ranges(of tokens: Range<Int>) -> [Range<Int>] {
        guard let chunkSize else { return tokens.isEmpty ? [] : [tokens] }
        var ranges: [Range<Int>] = []
        var start = tokens.lowerBound
        while start < tokens.upperBound {
            let end = min((start / chunkSize + 1) * chunkSize, tokens.upperBound)
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }
}

extension Estimation: LosslessStringConvertible {
    /// `prompt`, `chunks`, or `chunks=SIZE`; nil for anything else.
    public init?(_ description: String) {
        if description == "prompt" {
            self = .prompt
        } else if description == "chunks" {
            self = .chunks()
        } else if description.hasPrefix("chunks="), let size = Int(description.dropFirst(7)), size > 0 {
            self = .chunks(of: size)
        } else {
            return nil
        }
    }

    /// The text that the initialiser reads.
    public var description: String { chunkSize.map { "chunks=\($0)" } ?? "prompt" }
}
