import Checkpoints
import Compute
import Models

/// The bytes that a model's parts take, by its configuration alone.
package struct ModelFootprint: Sendable {
    private let configuration: DecoderConfiguration
    private let elementBytes: Int

    /// Of a model whose matrices and their inputs are in `dtype`.
    package init(_ configuration: DecoderConfiguration, dtype: DType) {
        self.configuration = configuration
        elementBytes = dtype.byteCount
    }

    private var queryWidth: Int { configuration.attentionHeads * configuration.headDimensions }
    private var keyWidth: Int { configuration.kvHeads * configuration.headDimensions }

    /// All weights. A head that shares the embedding's weights counts twice, because it is held twice.
    package var weights: Int {
        let hidden = configuration.hiddenSize
        let attention = hidden * (2 * queryWidth + 2 * keyWidth)
        let mlps = (0..<configuration.hiddenLayers).reduce(0) { sum, layer in
            guard let experts = configuration.experts(layer: layer) else {
                return sum + 3 * hidden * configuration.intermediateSize
            }
            return sum + experts.count * (3 * experts.intermediateSize + 1) * hidden
        }
        let tables = 2 * configuration.vocabularySize * hidden
        let norms = (2 * configuration.hiddenLayers + 1) * hidden * DType.float32.byteCount
        return (configuration.hiddenLayers * attention + mlps + tables) * elementBytes + norms
    }

    /// The fp32 residual stream of `rows` tokens.
    package func residual(rows: Int) -> Int { rows * configuration.hiddenSize * DType.float32.byteCount }

    /// The queries of `rows` tokens, whose place attention's output takes.
    package func queries(rows: Int) -> Int { rows * queryWidth * elementBytes }

    /// The intermediate results of a slice of `rows` tokens, as `DecoderWorkspace` holds them, and one row of logits.
    package func workspace(rows: Int) -> Int {
        let row = WorkspaceExtents(configuration).rowBytes(
            hidden: configuration.hiddenSize, elementBytes: elementBytes)
        return rows * row + configuration.vocabularySize * DType.float32.byteCount
    }

    /// What an estimate and the indexes of a layer take over `tokens` keys: fp32 sums of every column and distance of
    /// every head, and the gathered keys and values of 4096 columns a head.
    package func attention(tokens: Int) -> Int {
        let sums = 2 * tokens * DType.float32.byteCount
        let gathered = min(tokens, 4096) * 2 * configuration.headDimensions * elementBytes
        return configuration.attentionHeads * (sums + gathered)
    }

    /// What attention at common distances takes in a call of `rows` rows over `tokens` keys: queries and keys of a layer at
    /// other positions, and fp32 sums of two passes. The second pass writes its output over its queries.
    package func repositioned(rows: Int, tokens: Int) -> Int {
        let sums = 2 * rows * configuration.attentionHeads * DType.float32.byteCount
        return queries(rows: rows) + keysAndValues(tokens: tokens) / 2 + sums
    }

    /// Keys and values of `tokens` tokens of one layer in the compute type.
    package func keysAndValues(tokens: Int) -> Int { 2 * tokens * keyWidth * elementBytes }

    /// Keys and values of `tokens` tokens of one layer in 8-bit floating point: elements, which may be on the host,
    /// and factors, which are not.
    package func compressedKeysAndValues(tokens: Int) -> (elements: Int, factors: Int) {
        (
            CompressedKV.elementBytes(
                tokens: tokens, kvHeads: configuration.kvHeads,
                headDimension: configuration.headDimensions),
            CompressedKV.factorBytes(tokens: tokens, kvHeads: configuration.kvHeads)
        )
    }
}
