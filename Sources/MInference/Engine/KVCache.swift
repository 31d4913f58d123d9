import Compute
import Models

/// The keys and values of one conversation, all layers, with the tokens that they belong to.
package final class KVCache {
    /// How layers are kept.
    private enum Form {
        /// In the compute type, for any number of prompts.
        case native
        /// Compressed after the one prompt that they are made from, the last `hostLayers` on the host.
        case compressed(capacity: Int, format: KVFormat, hostLayers: Int)
    }

    /// One entry per decoder layer; a compressed cache has those whose prompt is done.
    package private(set) var layers: [KVLayer] = []
    /// The tokens whose keys and values are valid in every layer.
    package private(set) var tokens: [Int32] = []
    let model: DecoderModel
    private let form: Form
    /// The layer that a compressed cache's prompt is going through, in the compute type.
    private var working: KVLayer?

    /// An empty cache with room for `capacity` tokens, in the model's compute type unless told otherwise.
    package init(model: DecoderModel, capacity: Int, dtype: DType? = nil) throws {
        self.model = model
        form = .native
        layers = try (0..<model.layerCount).map { _ in
            try model.makeKVLayer(capacity: capacity, dtype: dtype ?? model.dtype)
        }
    }

    /// An empty cache as `plan` says.
    convenience init(model: DecoderModel, plan: MemoryPlan) throws {
        if let format = plan.kvFormat {
            self.init(
                model: model,
                form: .compressed(capacity: plan.capacity, format: format, hostLayers: plan.hostLayers))
        } else {
            try self.init(model: model, capacity: plan.capacity)
        }
    }

    private init(model: DecoderModel, form: Form) {
        self.model = model
        self.form = form
    }

    /// A cache of layers that hold no token yet, as far as it knows; `append` says which.
    init(model: DecoderModel, layers: [KVLayer]) {
        self.model = model
        form = .native
        self.layers = layers
    }

    /// Whether it serves decoding only: a longer prompt needs all keys in the compute type and starts anew.
    package var isCompressed: Bool { if case .compressed = form { true } else { false } }

    /// The most tokens that fit before `reserve` is needed.
    package var capacity: Int {
        if case .compressed(let capacity, _, _) = form, layers.isEmpty { return capacity }
        return layers.map(\.capacity).min() ?? 0
    }

    /// The bytes of all layers.
    package var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }

    /// The keys and values that a prompt of `promptTokens` tokens writes and attends in `layer`.
    func beginPrefill(layer: Int, promptTokens: Int) throws -> KVLayer {
        guard isCompressed else { return layers[layer] }
        precondition(
            tokens.isEmpty && layers.count == layer, "a compressed cache takes one prompt, layer by layer")
        let layer = try working ?? model.makeKVLayer(capacity: promptTokens, dtype: model.dtype)
        working = layer
        return layer
    }

    /// Declares the keys and values of the prompt in `layer` complete and attended.
    func endPrefill(layer: Int, promptTokens: Int) throws {
        guard case .compressed(let capacity, let format, let hostLayers) = form, let working else { return }
        working.count = promptTokens
        let placement: KVPlacement = layer >= model.layerCount - hostLayers ? .host : .device
        layers.append(
            try model.backend.compressed(
                working, format: format, tailCapacity: max(capacity - promptTokens, 1), placement: placement))
        if layers.count == model.layerCount { self.working = nil }
    }

    /// Makes room for `capacity` tokens; one layer after another, so that only one exists twice.
    package func reserve(_ capacity: Int) throws {
        for index in layers.indices where layers[index].capacity < capacity {
            layers[index] = try model.backend.grownKVLayer(layers[index], capacity: capacity)
        }
    }

    /// Forgets everything after the first `count` tokens.
    package func truncate(to count: Int) {
        precondition(count <= tokens.count, "a cache is truncated to at most what it holds")
        precondition(layers.allSatisfy { count >= $0.firstToken }, "compressed tokens stay")
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
