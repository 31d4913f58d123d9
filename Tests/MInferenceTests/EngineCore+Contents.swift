import Compute
import MInference
import Models

extension EngineCore {
    /// The keys and values of the first `count` tokens, one array per layer and kind; for the plain arrangement
    /// `[kvHeads, capacity, headDim]`.
    func keysAndValues(of conversation: ConversationID, first count: Int) throws -> [[Float]] {
        try (cache(of: conversation)?.layers ?? []).flatMap { layer in
            try [layer.keys, layer.values].map { tensor in
                let values = try model.backend.read(tensor)
                return (0..<layer.kvHeads).flatMap { head in
                    let start = head * layer.capacity * layer.headDimension
                    return values[start..<start + count * layer.headDimension]
                }
            }
        }
    }
}
