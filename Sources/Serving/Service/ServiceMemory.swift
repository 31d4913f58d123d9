import MInference

/// What a service takes in memory at most, the model itself aside.
package struct ServiceMemory: Sendable, Equatable {
    /// Bytes of what requests have while they run: keys and values, the rows of a chunk.
    package var requests: Int
    /// Bytes of prefixes of earlier prompts.
    package var prefixes: Int
    /// Bytes of the buffers that all requests share.
    package var shared: Int

    /// All of it in bytes.
    package var total: Int { requests + prefixes + shared }

    /// One line for people.
    package var text: String {
        "memory beside the model: at most \(MemoryPlan.size(total)), of which \(MemoryPlan.size(requests)) for "
            + "requests at work, \(MemoryPlan.size(prefixes)) for cached prefixes, \(MemoryPlan.size(shared)) shared"
    }
}
