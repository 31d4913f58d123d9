import Checkpoints
import Compute
import JSON
import MInference
import Models
import SparseAttention

extension KernelCheck {
    /// Prompts whose beginnings come from pieces of an earlier one: tokens and probabilities to the bit.
    static func compareRestoredPrefix(_ backend: any Backend) throws -> Comparison {
        let shape: JSONValue = [
            "model_type": "llama", "hidden_size": 256, "num_hidden_layers": 3, "intermediate_size": 512,
            "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 512,
            "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "rope_theta": 10000,
        ]
        let configuration = try DecoderConfiguration(
            ModelConfiguration(ConfigurationObject(name: "self-test", shape)))
        let core = EngineCore(
            model: try .random(configuration, backend: backend, dtype: backend.computeTypes[0], seed: 1))
        let method = MInferenceMethod(budget: .fixed(verticals: 64, slashes: 256), rules: .never)
        let prefill = PrefillParameters(
            attention: method, estimation: .chunks(of: 512, tail: 64), order: .chunkMajor, stepSize: 512)
        var random = SplitMix64(seed: 6)
        let prompt = (0..<1500).map { _ in Int32.random(in: 0..<512, using: &random) }
        let id = SequenceID(1)
        /// How many tokens were restored, and the answer.
        func answer(restoring pieces: [(tokens: Range<Int>, piece: KVPiece)]) throws -> [Float] {
            try core.open(
                id,
                SequenceRequest(
                    GenerationRequest(prompt: prompt, maxTokens: 8, prefill: prefill), logProbabilities: 5))
            var numbers = [Float(try core.restore(pieces, to: id))]
            var drawn: [DrawnToken]?
            while drawn == nil { drawn = try core.advancePrompt(of: id).firstTokens }
            for _ in 0..<7 { drawn! += try core.decode([id])[0].tokens.get() }
            for token in drawn! {
                numbers += [Float(token.token ?? -1), token.logProbability ?? 1]
                numbers += token.likeliest.flatMap { [Float($0.token), $0.logProbability] }
            }
            return numbers
        }
        let cold = try answer(restoring: [])
        let pieces = try [0..<512, 512..<1024, 1024..<1280].compactMap { tokens in
            try core.piece(of: tokens, in: id).map { (tokens: tokens, piece: $0) }
        }
        core.close(id)
        defer { core.close(id) }
        return Comparison(try answer(restoring: pieces), [1280] + cold.dropFirst())
    }
}
