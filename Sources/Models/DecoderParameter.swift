import Checkpoints

/// A weight matrix or vector of a model: its name in checkpoints and the shape that the configuration implies.
struct DecoderParameter {
    /// The checkpoint's name of the module, without `.weight` or `.bias`.
    let name: String
    /// `[outputs, inputs]`, or `[size]` of a norm.
    let shape: [Int]
    /// Whether the module has a bias of `shape[0]` elements.
    var hasBias = false
    /// The leading heads whose rows are stored in pairs of neighbours for the rotation.
    var interleavedHeads = 0

    /// The name of the weight tensor.
    var weight: String { name + ".weight" }
    /// The name of the bias tensor.
    var bias: String { name + ".bias" }
}

/// The parameters of one decoder layer, as groups that become one device matrix each; a family's `WeightNames` with the
/// sizes of its configuration.
struct DecoderLayerParameters {
    /// A gated MLP, or one expert of a mixture.
    struct MLP {
        let gateUp: [DecoderParameter]
        let down: [DecoderParameter]
    }

    let inputNorm: DecoderParameter
    let queryKeyValue: [DecoderParameter]
    let queryNorm: DecoderParameter?
    let keyNorm: DecoderParameter?
    let output: [DecoderParameter]
    let outputNorm: DecoderParameter?
    let mlpNorm: DecoderParameter
    /// One MLP, or all experts.
    let mlps: [MLP]
    /// Which experts a token goes to; nil for a dense MLP.
    let router: DecoderParameter?
    let mlpOutputNorm: DecoderParameter?

    /// The table of layer `layer`; `prefix` is what stands before all names.
    init(layer: Int, configuration: DecoderConfiguration, prefix: String) {
        let names = configuration.weights
        let prefix = "\(prefix)\(names.layers).\(layer)."
        let hidden = configuration.hiddenSize
        let head = configuration.headDimensions
        func norm(_ name: String, _ size: Int) -> DecoderParameter {
            DecoderParameter(name: prefix + name, shape: [size])
        }
        /// The matrices of `modules`, one below the other with `outputs` rows; all of them when there is one module.
        func matrices(
            _ modules: [String], outputs: [Int], inputs: Int, hasBias: Bool, interleaved: [Int] = []
        ) -> [DecoderParameter] {
            let whole = modules.count == 1
            let rows = whole ? [outputs.reduce(0, +)] : outputs
            let heads = whole ? [interleaved.reduce(0, +)] : interleaved
            return modules.enumerated().map { index, name in
                DecoderParameter(
                    name: prefix + name, shape: [rows[index], inputs], hasBias: hasBias,
                    interleavedHeads: heads.indices.contains(index) ? heads[index] : 0)
            }
        }
        func mlp(_ gateUp: [String], _ down: String, width: Int) -> MLP {
            MLP(
                gateUp: matrices(
                    gateUp, outputs: [width, width], inputs: hidden, hasBias: configuration.mlpBias),
                down: matrices([down], outputs: [hidden], inputs: width, hasBias: configuration.mlpBias))
        }
        let (queries, keys) = (configuration.attentionHeads, configuration.kvHeads)
        inputNorm = norm(names.inputNorm, hidden)
        queryKeyValue = matrices(
            names.queryKeyValue, outputs: [queries * head, keys * head, keys * head], inputs: hidden,
            hasBias: configuration.attentionBias,
            interleaved: configuration.isRotaryInterleaved ? [queries, keys, 0] : [])
        queryNorm = configuration.hasHeadNorms ? norm(names.queryNorm, head) : nil
        keyNorm = configuration.hasHeadNorms ? norm(names.keyNorm, head) : nil
        output = matrices(
            [names.output], outputs: [hidden], inputs: queries * head, hasBias: configuration.outputBias)
        outputNorm = names.outputNorm.map { norm($0, hidden) }
        mlpNorm = norm(names.mlpNorm, hidden)
        mlpOutputNorm = names.mlpOutputNorm.map { norm($0, hidden) }
        if let experts = configuration.experts(layer: layer) {
            router = DecoderParameter(name: prefix + names.router, shape: [experts.count, hidden])
            mlps = (0..<experts.count).map { expert in
                let path = "\(names.experts).\(expert)."
                return mlp(
                    names.expertGateUp.map { path + $0 }, path + names.expertDown,
                    width: experts.intermediateSize)
            }
        } else {
            router = nil
            mlps = [mlp(names.gateUp, names.down, width: configuration.intermediateSize)]
        }
    }
    /// Every parameter.
    var all: [DecoderParameter] {
        [inputNorm] + queryKeyValue + [queryNorm, keyNorm].compactMap(\.self) + output
            + [outputNorm, mlpNorm, router].compactMap(\.self) + mlps.flatMap { $0.gateUp + $0.down }
            + [mlpOutputNorm].compactMap(\.self)
    }
}
