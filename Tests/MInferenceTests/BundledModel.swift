import MInference
import MInferenceTesting

/// The bundled checkpoint on the CPU, loaded once for all tests.
enum BundledModel {
    private static let loading = Task {
        try await ModelContainer.load(Fixtures.bundledModel, dtype: .float32, threads: 2)
    }

    /// The model.
    static var container: ModelContainer { get async throws { try await loading.value } }

    /// A text with a fact to ask for.
    static let haystack =
        String(repeating: "The grass is green. The sky is blue. Here we go. ", count: 8)
        + "The special magic number for the harbor is: 4821507. "
        + String(repeating: "The sun is yellow. There and back again. ", count: 8)
}

extension AsyncThrowingStream where Element == Generation {
    /// All pieces of text and the information.
    func collect() async throws -> (chunks: [String], info: GenerateCompletionInfo?) {
        var chunks: [String] = []
        var info: GenerateCompletionInfo?
        for try await item in self {
            if let text = item.chunk { chunks.append(text) }
            if let found = item.info { info = found }
        }
        return (chunks, info)
    }
}
