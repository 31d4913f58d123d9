import Checkpoints
import Compute
import Models

extension ModelContainer {
    /// Loads a model and puts its weights on a device.
    ///
    /// - Parameters:
    ///   - name: `bundled`, a checkpoint's directory, a GGUF file, or `ORG/NAME` of a model in the Hugging Face cache.
    ///   - device: where to run.
    ///   - dtype: `float32` or `bfloat16`; nil for bfloat16, unless the checkpoint is stored in float32 and the device
    ///     computes in it.
    ///   - weights: how matrices are held; nil for int8 with a factor per 32 inputs where the checkpoint is quantized and the
    ///     device has that, else for the compute type.
    ///   - threads: threads of the CPU's kernels; nil for one per core that this process may use.
    ///   - note: told in one line why `auto` fell back to the CPU, and how quantized weights are held.
    ///   - progress: told the share of the weights that is loaded, from 0 to 1.
    /// - Throws: `ModelDirectoryError`, `ConfigurationError`, `TokenizerError`, `CheckpointError`, `ComputeError` or
    ///   `GenerateError`: one line each that says what is wrong, where, and what to do.
    public static func load(
        _ name: String, device: DeviceChoice = .auto, dtype: DType? = nil, weights: WeightFormat? = nil,
        threads: Int? = nil, note: (@Sendable (String) -> Void)? = nil,
        progress: (@Sendable (Double) -> Void)? = nil
    ) async throws -> ModelContainer {
        let directory = try ModelDirectory(name).path
        return try await load(
            directory: directory, dtype: dtype, weights: weights, note: note, progress: progress
        ) {
            try Backends.make(device: device, threads: threads, dtype: dtype, note: note)
        }
    }

    /// Loads the checkpoint in `directory` on a backend that `makeBackend` makes, on the engine's thread.
    package static func load(
        directory: String, dtype: DType? = nil, weights: WeightFormat? = nil,
        note: (@Sendable (String) -> Void)? = nil, progress: (@Sendable (Double) -> Void)? = nil,
        makeBackend: @escaping @Sendable () throws -> any Backend
    ) async throws -> ModelContainer {
        let (engine, loaded) = try await Engine.start { () throws -> (EngineCore, Loaded) in
            let files = try ModelFiles(directory: directory)
            guard dtype != .float16 else {
                throw GenerateError.invalidParameter(
                    name: "dtype", value: DType.float16.rawValue, expected: "float32 or bfloat16")
            }
            let backend = try makeBackend()
            let stored: DType = files.configuration.torchDType == .float32 ? .float32 : .bfloat16
            let dtype =
                dtype ?? (backend.computeTypes.contains(stored) ? stored : backend.computeTypes[0])
            guard backend.computeTypes.contains(dtype) else {
                throw ComputeError.unsupported(
                    "\(backend.device) does not compute in \(dtype); use --dtype \(backend.computeTypes[0])")
            }
            let format = try Self.format(weights, of: files, on: backend)
            if let summary = files.quantizationSummary {
                note?(
                    "weights: \(summary); held as \(format == .native ? dtype.rawValue : format.description)")
            }
            let model = try DecoderModel.load(
                files.checkpoint(), configuration: files.configuration, backend: backend, dtype: dtype,
                format: format
            ) { done, total in progress?(Double(done) / Double(total)) }
            let loaded = Loaded(
                files: files, device: backend.device, deviceSummary: backend.summary, dtype: dtype)
            return (EngineCore(model: model), loaded)
        }
        return ModelContainer(
            files: loaded.files, engine: engine, device: loaded.device, deviceSummary: loaded.deviceSummary,
            dtype: loaded.dtype)
    }

    /// How matrices are held: as asked, if the device can; else small where they are small in the file.
    private static func format(
        _ weights: WeightFormat?, of files: ModelFiles, on backend: any Backend
    ) throws -> WeightFormat {
        guard let weights else {
            let isSmall = files.quantizationSummary != nil && backend.weightElements.contains(.int8)
            return isSmall ? .int8(groupSize: 32) : .native
        }
        guard backend.weightElements.contains(weights.element) else {
            throw ComputeError.unsupported(
                "\(backend.device) keeps weights in the compute type only; leave out --quantize, or use --device cpu"
            )
        }
        return weights
    }

    /// What leaves the engine's thread after loading.
    private struct Loaded: Sendable {
        let files: ModelFiles
        let device: Device
        let deviceSummary: String
        let dtype: DType
    }
}
