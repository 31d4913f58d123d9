/// The indexes of a calibration prompt for every later prompt: what is lost when indexes do not follow the prompt.
///
/// Source: MInference (arXiv 2407.02490), "ours with static patterns". Each head keeps its own calibrated columns and
/// distances; the released code keeps one head's for all. At other lengths positions and distances stay what they were.
public struct StaticMethod: AttentionMethod {
    /// The calibrated indexes.
    public let indexes: StaticIndexes
    private let path: String

    /// Reuses `indexes`; `path` is where they came from, for `specification`.
    public init(_ indexes: StaticIndexes, path: String = "") {
        self.indexes = indexes
        self.path = path
    }

    /// `static:file=PATH`.
    public var specification: String { "static:file=\(path)" }

    /// Checks that the indexes are those of such a model.
    ///
    /// - Throws: `StaticIndexesError` when they are not.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod {
        let found = ModelExtents(
            layers: indexes.layers.count, heads: indexes.layers.first?.count ?? 0, kvHeads: model.kvHeads)
        guard found == model else { throw StaticIndexesError.otherModel(found: found, expected: model) }
        return self
    }

    /// The calibrated index of each head.
    public func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        indexes.layers[layer].map { index in
            HeadSelection(
                index: .slashes(index), pattern: .named("static", detail: "of \(indexes.keyCount) keys"),
                shape: probe.shape, geometry: probe.geometry)
        }
    }
}

extension AttentionMethods {
    static let staticIndexes = Entry(
        name: "static", summary: "the indexes of a calibration prompt, reused (MInference, static)",
        options: [Option(key: "file", summary: "what generate --save-indexes wrote")]
    ) { specification, _ in
        guard let path = specification["file"] else {
            throw AttentionMethodError.conflict(
                method: "static",
                reason: "write static:file=PATH; generate --save-indexes PATH makes the file")
        }
        return StaticMethod(try StaticIndexes(file: path), path: path)
    }
}
