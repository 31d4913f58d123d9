import Synchronization

/// A method that remembers what another one chose, for `StaticIndexes`.
public final class IndexRecorder: AttentionMethod {
    private let base: any AttentionMethod
    private let recorded = Mutex<(layers: [[HeadSelection]], keyCount: Int)>(([], 0))

    /// Records what `base` chooses.
    public init(_ base: any AttentionMethod) { self.base = base }

    /// The base's.
    public var specification: String { base.specification }
    /// The base's.
    public var rules: DenseRules { base.rules }
    /// The base's.
    public func skipThreshold(layer: Int, keyCount: Int) -> Float? {
        base.skipThreshold(layer: layer, keyCount: keyCount)
    }

    /// Binds the base of a fresh recording that `indexes(layers:)` of this recorder reads.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod {
        let bound = try base.bound(to: model)
        return Recording(base: bound, recorder: self)
    }

    /// The base's selections, not recorded: only a bound recorder records.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        try base.select(layer: layer, probe: probe)
    }

    /// What was chosen in the first run of rows of each of `layers` layers.
    ///
    /// - Throws: `StaticIndexesError` when a layer is missing or an index is no slash index.
    public func indexes(layers: Int) throws -> StaticIndexes {
        let (selections, keyCount) = recorded.withLock { $0 }
        guard selections.count == layers else {
            throw StaticIndexesError.incomplete(layers: selections.count)
        }
        let indexes = try selections.enumerated().map { layer, heads in
            try heads.enumerated().map { head, selection in
                guard case .slashes(let index) = selection.index else {
                    throw StaticIndexesError.noSlashes(layer: layer, head: head)
                }
                return index
            }
        }
        return StaticIndexes(layers: indexes, keyCount: keyCount)
    }

    private func record(_ selections: [HeadSelection], layer: Int, keyCount: Int) {
        recorded.withLock { recorded in
            guard layer == recorded.layers.count else { return }
            recorded.layers.append(selections)
            recorded.keyCount = keyCount
        }
    }

    /// The bound base, telling its recorder.
    private struct Recording: AttentionMethod {
        let base: any AttentionMethod
        let recorder: IndexRecorder

        var specification: String { base.specification }
        var rules: DenseRules { base.rules }

        func skipThreshold(layer: Int, keyCount: Int) -> Float? {
            base.skipThreshold(layer: layer, keyCount: keyCount)
        }

        func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
            let selections = try base.select(layer: layer, probe: probe)
            recorder.record(selections, layer: layer, keyCount: probe.shape.keyCount)
            return selections
        }
    }
}
