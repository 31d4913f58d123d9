import Compute
import Models

/// The keys and values of one conversation, all layers, with the tokens that they belong to.
package final class KVCache {
    /// One entry per decoder layer.
    package private(set) var layers: [KVLayer]
    /// The tokens whose keys and values are valid in every layer.
    package private(set) var tokens: [Int32] = []
    private let model: LlamaModel

    /// An empty cache with room for `capacity` tokens, in the model's compute type unless told otherwise.
    package init(model: LlamaModel, capacity: Int, dtype: DType? = nil) throws {
        self.model = model
        layers = try (0..<model.layerCount).map { _ in
            try model.makeKVLayer(capacity: capacity, dtype: dtype ?? model.dtype)
        }
    }

    /// The most tokens that fit before `reserve` is needed.
    package var capacity: Int { layers.map(\.capacity).min() ?? 0 }

    /// The bytes of all layers.
    package var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }

    /// Makes room for `capacity` tokens; one layer after another, so that only one exists twice.
    package func reserve(_ capacity: Int) throws {
        for index in layers.indices where layers[index].capacity < capacity {
            layers[index] = try model.backend.grownKVLayer(layers[index], capacity: capacity)
        }
    }

    /// Forgets everything after the first `count` tokens.
    package func truncate(to count: Int) {
        precondition(count <= tokens.count, "a cache is truncated to at most what it holds")
        tokens.removeLast(tokens.count - count)
        for layer in layers { layer.count = count }
    }

    /// Declares the next tokens valid, after a forward pass wrote them in every layer.
    package func append(_ newTokens: some Collection<Int32>) {
        tokens.append(contentsOf: newTokens)
        for layer in layers { layer.count = tokens.count }
    }

    /// How many of the first tokens of `prompt` are here already.
    package func commonPrefix(with prompt: [Int32]) -> Int {
        zip(tokens, prompt).prefix { $0 == $1 }.count
    }
}
