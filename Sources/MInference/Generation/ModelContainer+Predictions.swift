import Compute

extension ModelContainer {
    /// How well every token of a text is predicted, with the prompt processed in several ways.
    ///
    /// - Parameters:
    ///   - tokens: The text, special tokens included; at least 2.
    ///   - prefills: How it is processed; divergences are from the first.
    ///   - rows: The tokens whose next one is predicted; nil for all but the last.
    /// - Returns: A prediction for each of `prefills`.
    /// - Throws: As the stream of `generate`; `ComputeError.cancelled` when cancelled.
    package func predictions(
        of tokens: [Int], with prefills: [PrefillParameters], rows: Range<Int>? = nil,
        cancellation: CancellationFlag = CancellationFlag()
    ) async throws -> [TextPrediction] {
        try await engine.run { core in
            try core.predictions(
                of: tokens.map { Int32($0) }, with: prefills, rows: rows, cancellation: cancellation)
        }
    }

    /// The bytes that keys and values of `tokens` tokens take in the compute type, all layers together.
    package func keyValueBytes(tokens: Int) -> Int {
        configuration.hiddenLayers
            * ModelFootprint(configuration, dtype: dtype).keysAndValues(tokens: tokens)
    }

    /// The number of weights; a head that shares the embedding's counts as one of its own.
    package var parameterCount: Int {
        ModelFootprint(configuration, dtype: dtype).weights / dtype.byteCount
    }
}
