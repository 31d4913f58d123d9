import Checkpoints
import Compute

/// Where a model's weights come from.
protocol WeightSource {
    /// The tensor of this name and shape.
    func tensor(_ name: String, shape: [Int]) throws -> HostTensor
    /// Whether there is a tensor of this name.
    func contains(_ name: String) -> Bool
}

/// A checkpoint, whose numbers are looked at before they are used.
struct CheckpointSource: WeightSource {
    let checkpoint: Checkpoint

    func tensor(_ name: String, shape: [Int]) throws -> HostTensor {
        let tensor = try checkpoint.tensor(name, shape: shape)
        tensor.prefetchPages()
        try checkpoint.checkFinite(tensor)
        return tensor
    }

    func contains(_ name: String) -> Bool { checkpoint.contains(name) }
}
