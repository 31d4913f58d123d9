import CPUBackend
import Compute
import Evaluation
import Glibc
import MInference

/// Copies of a model, as many as the machine has room for.
enum Workers {
    /// Loads them.
    ///
    /// One prompt keeps all threads busy while it is read, but not while it is answered: several prompts with fewer threads
    /// each are answered sooner. A GPU answers one at a time.
    ///
    /// - Parameters:
    ///   - options: The model.
    ///   - count: How many; nil for as many as threads and memory allow.
    ///   - length: The most tokens of a prompt.
    static func load(
        _ options: ModelOptions, count: Int?, length: Int, stop: StopSignal
    ) async throws -> WorkerGroup {
        let first = try await options.load()
        guard first.device == .cpu else { return WorkerGroup(models: [first], stop: stop) }
        let threads = try options.threads ?? Environment.threads()
        let count = min(count ?? min(threads, fitting(first, length: length)), threads)
        guard count > 1 else { return WorkerGroup(models: [first], stop: stop) }
        var share = options
        share.threads = threads / count
        share.device = .cpu
        var models: [ModelContainer] = []
        for _ in 0..<count { models.append(try await share.load(quiet: true)) }
        return WorkerGroup(models: models, stop: stop)
    }

    /// How many copies with a prompt each half of the free memory holds; at least 1.
    private static func fitting(_ model: ModelContainer, length: Int) -> Int {
        let footprint = ModelFootprint(model.configuration, dtype: model.dtype)
        let layers = model.configuration.hiddenLayers
        let bytes =
            footprint.weights + footprint.residual(rows: length) + footprint.queries(rows: length)
            + footprint.workspace(rows: min(length, 2048)) + footprint.attention(tokens: length)
            + layers * footprint.keysAndValues(tokens: length)
        let free = sysconf(Int32(_SC_AVPHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return max(1, free / 2 / bytes)
    }
}
