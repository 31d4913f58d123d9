import Checkpoints

extension DecoderConfiguration {
    /// The names and shapes of all tensors of a checkpoint of this model, in the order in which they are loaded.
    package var tensors: [(name: String, shape: [Int])] {
        let prefix = weights.prefixes[0]
        func tensors(_ parameters: [DecoderParameter]) -> [(name: String, shape: [Int])] {
            parameters.flatMap { parameter -> [(name: String, shape: [Int])] in
                let weight = (name: parameter.weight, shape: parameter.shape)
                return parameter.hasBias
                    ? [weight, (name: parameter.bias, shape: [parameter.shape[0]])] : [weight]
            }
        }
        let table = DecoderParameter(name: prefix + weights.embedding, shape: [vocabularySize, hiddenSize])
        let head = DecoderParameter(name: prefix + weights.head, shape: [vocabularySize, hiddenSize])
        let norm = DecoderParameter(name: prefix + weights.finalNorm, shape: [hiddenSize])
        let layers = (0..<hiddenLayers).flatMap {
            tensors(DecoderLayerParameters(layer: $0, configuration: self, prefix: prefix).all)
        }
        return tensors([table]) + layers + tensors(tieWordEmbeddings ? [norm] : [norm, head])
    }
}
