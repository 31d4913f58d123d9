import Checkpoints
import Compute
import JSON

/// A checkpoint with what the reference implementation computes from it; `Tests/Fixtures/README.md` has the
/// format.
package struct LlamaFixture: Sendable, CustomStringConvertible {
    /// The names of all tiny checkpoints.
    package static let tinyNames = [
        "mha", "gqa", "mqa", "attention-bias", "mlp-bias", "tied", "head-dim", "rope-linear", "rope-dynamic",
        "rope-dynamic-growing", "rope-llama3", "rope-yarn", "rope-yarn-mscale", "old-config", "sharded",
        "float16",
    ]
    /// The name of the expectations for the bundled checkpoint.
    package static let bundledName = "needle-11m"

    /// The fixture's name.
    package let name: String
    /// The checkpoint.
    package let directory: String
    /// The prompt's tokens.
    package let prompt: [Int32]
    /// The positions of the prompt whose logits are kept; the last is the prompt's last.
    package let positions: [Int]
    /// The float32 logits, a row per position.
    package let logits: [[Float]]
    /// The 64 greedy tokens after the prompt; end-of-sequence tokens do not stop.
    package let greedy: [Int32]

    /// Loads a fixture.
    package init(_ name: String) throws {
        let folder = Fixtures.path("llama/\(name)")
        self.name = name
        directory = name == Self.bundledName ? Fixtures.bundledModel : folder
        let text = try MappedFile(path: folder + "/expected.json")
        let json = try text.withBytes { bytes in
            try bytes.withMemoryRebound(to: UInt8.self) { try JSONValue(parsing: $0) }
        }
        func integers(_ key: String) -> [Int] { json[key]?.array?.compactMap(\.int) ?? [] }
        prompt = integers("prompt").map(Int32.init)
        positions = integers("positions")
        greedy = integers("greedy").map(Int32.init)
        let tensor = try SafetensorsFile(path: folder + "/expected.safetensors").tensor("logits")
        let values = tensor.floats
        logits = (0..<tensor.shape[0]).map {
            Array(values[$0 * tensor.shape[1]..<($0 + 1) * tensor.shape[1]])
        }
    }

    /// The fixture's name.
    package var description: String { name }
}
