/// Over which rows the indexes of a prompt are estimated.
public struct Estimation: Sendable, Hashable {
    /// Tokens of a chunk; nil for the whole prompt.
    public let chunkSize: Int?
    /// The least tokens of a run in the chunk that the prompt ends in; nil for one run to the prompt's end.
    public let tailSize: Int?

    /// One estimate from the last rows of the whole prompt, as the reference does. Keys and values of deeper layers
    /// then depend on what the prompt ends with.
    public static let prompt = Estimation(chunkSize: nil, tailSize: nil)

    /// One estimate for each chunk of a fixed grid, from the chunk's own last rows. Keys and values are then a
    /// function of the tokens before them alone, up to the end of their chunk, but for those of the prompt's last
    /// chunk, whose last rows may be dense: prefixes of whole chunks that others follow can be reused.
    ///
    /// - Parameter tail: cuts the chunk that the prompt ends in, so that prefixes can be reused that end within a chunk:
    ///   into runs of `tail` times falling powers of two, one of `tail`, and what is left, at least one token. Prompts
    ///   that begin alike and end a little apart share most of these runs. Divides `size`.
    public static func chunks(of size: Int = 16384, tail: Int? = nil) -> Estimation {
        precondition(size > 0, "a chunk has tokens")
        precondition(tail.map { $0 > 0 && size % $0 == 0 } ?? true, "a chunk is whole tails")
        return Estimation(chunkSize: size, tailSize: tail)
    }

    /// The runs of positions in `tokens` that are estimated together, in a prompt of `promptTokens`; all cuts lie on
    /// the grid of the whole prompt.
    public func ranges(of tokens: Range<Int>, promptTokens: Int) -> [Range<Int>] {
        guard let chunkSize else { return tokens.isEmpty ? [] : [tokens] }
        var ranges: [Range<Int>] = []
        var start = tokens.lowerBound
        while start < tokens.upperBound {
            let whole = (start / chunkSize + 1) * chunkSize
            let end = tailSize.flatMap { tailSize in
                // What ends just after a chunk has its last rows there.
                whole + tailSize < promptTokens
                    ? nil : Self.tailEnd(start: start, tailSize: tailSize, promptTokens: promptTokens)
            }
            ranges.append(start..<min(end ?? whole, tokens.upperBound))
            start = ranges[ranges.count - 1].upperBound
        }
        return ranges
    }

    /// Where the run from `start` ends in the chunk that the prompt ends in.
    private static func tailEnd(start: Int, tailSize: Int, promptTokens: Int) -> Int {
        // One token at least is left for the last run.
        let sizes = (promptTokens - 1 - start) / tailSize
        if sizes == 0 { return promptTokens }
        var run = 1
        while 2 * run <= sizes - 1 { run *= 2 }
        return start + run * tailSize
    }
}

extension Estimation: LosslessStringConvertible {
    /// `prompt`, `chunks`, `chunks=SIZE`, or `chunks=SIZE/TAIL`; nil for anything else.
    public init?(_ description: String) {
        if description == "prompt" {
            self = .prompt
        } else if description == "chunks" {
            self = .chunks()
        } else if description.hasPrefix("chunks=") {
            let parts = description.dropFirst(7).split(separator: "/", omittingEmptySubsequences: false)
            let sizes = parts.compactMap { Int($0) }
            guard (1...2).contains(parts.count), sizes.count == parts.count, sizes.allSatisfy({ $0 > 0 }),
                sizes[0] % sizes[sizes.count - 1] == 0
            else { return nil }
            self = .chunks(of: sizes[0], tail: sizes.count == 2 ? sizes[1] : nil)
        } else {
            return nil
        }
    }

    /// The text that the initialiser reads.
    public var description: String {
        guard let chunkSize else { return "prompt" }
        return "chunks=\(chunkSize)" + (tailSize.map { "/\($0)" } ?? "")
    }
}
