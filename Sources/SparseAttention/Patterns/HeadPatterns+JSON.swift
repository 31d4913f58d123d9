import JSON

extension HeadPatterns {
    /// The patterns in the format that `reading(_:layers:heads:fingerprint:)` takes.
    ///
    /// Every pattern but a block-sparse one of other than 100 blocks reads back the same; the format has no place for
    /// that number.
    public var json: JSONValue {
        .array(
            layers.map { heads in
                .object(
                    heads.enumerated().map { head, entry in
                        JSONValue.Member(key: String(head), value: .array(entry.fields))
                    })
            })
    }
}

extension HeadPatterns.Head {
    /// `[type, size, size, score]`.
    package var fields: [JSONValue] {
        let score: JSONValue = Int(exactly: score).map { .int($0) } ?? .double(score)
        switch pattern.storage {
        case .named(let name, _): preconditionFailure("\(name) belongs to its method")
        case .dense: return ["dense", 0, 0, score]
        case .aShape(let sinks, let local): return ["stream_llm", .int(sinks), .int(local), score]
        case .blockSparse(let topBlocks): return ["block_sparse", .int(topBlocks), 0, score]
        case .verticalSlash(let budget):
            switch budget.storage {
            case .fixed(let verticals, let slashes):
                return ["vertical_and_slash", .int(verticals), .int(slashes), score]
            case .mass(let gamma, let cap, _):
                // The format has no word for a cap that follows the length, nor for the lines that are always kept.
                let pair: JSONValue = [Self.shortest(gamma), Self.shortest(cap.density)]
                return ["flex_vertical_and_slash", pair, pair, score]
            }
        }
    }

    /// A single-precision number without the digits that widening it would show.
    private static func shortest(_ value: Float) -> JSONValue { .double(Double("\(value)") ?? Double(value)) }
}
