import Checkpoints
import Compute

extension DecoderConfiguration {
    /// What the model needs of a device beyond the operators of Llama, with words for it.
    private var needs: [(feature: BackendFeatures, name: String)] {
        var needs: [(BackendFeatures, String)] = []
        func need(_ feature: BackendFeatures, _ name: String, when isNeeded: Bool) {
            if isNeeded { needs.append((feature, name)) }
        }
        let window = slidingWindow ?? .max
        need(.softCap, "soft-capped scores", when: attentionSoftCap != nil || logitSoftCap != nil)
        need(.slidingWindow, "sliding windows in decoding", when: window < maxPositionEmbeddings)
        need(.headNorms, "norms of queries and keys", when: hasHeadNorms)
        need(.geluGate, "GELU gates", when: activation == .geluTanh)
        need(.outputNorms, "norms after attention and MLP", when: hasOutputNorms)
        need(.embeddingScale, "scaled embeddings", when: embeddingScale != 1)
        need(.experts, "mixtures of experts", when: experts != nil)
        return needs
    }

    /// Whether outputs of attention or MLP go through a norm before they are added to the residual stream.
    var hasOutputNorms: Bool { weights.outputNorm != nil || weights.mlpOutputNorm != nil }

    /// Throws when `backend` lacks an operator that the model needs: before anything is computed, and in one line.
    func checkSupport(on backend: any Backend) throws(ComputeError) {
        let missing = needs.filter { !backend.features.contains($0.feature) }.map(\.name)
        guard !missing.isEmpty else { return }
        throw .unsupported(
            "\(backend.device) has no kernels for \(missing.joined(separator: ", ")), which a model of type "
                + "\(modelType) needs; use --device cpu")
    }
}
