import Compute

extension Checkpoint {
    /// Whether the checkpoint has the weight of this name in few bits.
    func containsQuantized(_ name: String) -> Bool {
        guard quantization != nil, name.hasSuffix(".weight") else { return false }
        let module = String(name.dropLast("weight".count))
        return holds(module + "qweight") || holds(module + "weight_packed")
    }

    /// The matrix of this name widened to fp32, or nil when it is not stored in few bits.
    func quantizedTensor(_ name: String) throws(CheckpointError) -> HostTensor? {
        guard let scheme = quantization, name.hasSuffix(".weight") else { return nil }
        let module = QuantizedModule(
            checkpoint: self, prefix: String(name.dropLast("weight".count)), scheme: scheme)
        switch scheme.method {
        case .gptq: return holds(module.prefix + "qweight") ? try module.gptq() : nil
        case .awq: return holds(module.prefix + "qweight") ? try module.awq() : nil
        case .packed: return holds(module.prefix + "weight_packed") ? try module.packed() : nil
        case .bytes:
            guard holds(name), [SafetensorsDType.f8e4m3, .i8].contains(try stored(name).dtype) else {
                return nil
            }
            return try module.bytes()
        }
    }
}

/// The tensors of one quantized matrix.
struct QuantizedModule {
    let checkpoint: Checkpoint
    /// What all names begin with, such as `model.layers.0.mlp.up_proj.`.
    let prefix: String
    let scheme: QuantizationScheme

    /// The name that the matrix would have.
    var name: String { prefix + "weight" }

    /// A tensor of the matrix.
    func part(_ name: String) throws(CheckpointError) -> StoredTensor {
        try checkpoint.stored(prefix + name)
    }

    /// A tensor of the matrix that it need not have.
    func optionalPart(_ name: String) throws(CheckpointError) -> StoredTensor? {
        checkpoint.holds(prefix + name) ? try part(name) : nil
    }

    /// The extents of a matrix that has elements.
    func extents(_ tensor: StoredTensor) throws(CheckpointError) -> (rows: Int, columns: Int) {
        guard tensor.shape.count == 2, tensor.shape.allSatisfy({ $0 > 0 }) else {
            throw tensor.invalid("shape is \(tensor.shape), expected a matrix")
        }
        return (tensor.shape[0], tensor.shape[1])
    }

    /// The inputs of a group and the number of groups in a matrix of `inputs` inputs.
    func groups(inputs: Int, of tensor: StoredTensor) throws(CheckpointError) -> (size: Int, count: Int) {
        guard let size = scheme.groupSize, size < inputs else { return (max(inputs, 1), 1) }
        guard inputs.isMultiple(of: size) else {
            throw tensor.invalid("its \(inputs) inputs are no multiple of group_size \(size)")
        }
        return (size, inputs / size)
    }

    /// The group of each input: by `g_idx` where there is one, else in order.
    func groupOfInput(
        inputs: Int, groupSize: Int, groupCount: Int, _ indexName: String
    ) throws(CheckpointError) -> [Int] {
        guard let index = try optionalPart(indexName) else {
            return (0..<inputs).map { $0 / groupSize }
        }
        let words = try index.words(shape: [inputs])
        let groups = (0..<inputs).map { Int(Int32(bitPattern: words[$0])) }
        guard let wrong = groups.firstIndex(where: { !(0..<groupCount).contains($0) }) else { return groups }
        throw index.invalid("names group \(groups[wrong]) at \(wrong), expected 0 to \(groupCount - 1)")
    }
}
