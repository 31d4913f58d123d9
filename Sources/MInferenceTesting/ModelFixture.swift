import Checkpoints
import Compute
import JSON

/// A checkpoint with what the reference implementation computes from it; `Tests/Fixtures/README.md` has the
/// format.
package struct ModelFixture: Sendable, CustomStringConvertible {
    /// The names of the tiny Llama checkpoints.
    package static let tinyNames = [
        "mha", "gqa", "mqa", "attention-bias", "mlp-bias", "tied", "head-dim", "rope-linear", "rope-dynamic",
        "rope-dynamic-growing", "rope-llama3", "rope-yarn", "rope-yarn-mscale", "old-config", "sharded",
        "float16",
    ]
    /// The names of the tiny checkpoints of the other families.
    package static let familyNames = [
        "mistral", "qwen2", "qwen2-dual-chunk", "qwen3", "qwen3-moe", "glm", "phi3-short", "phi3-long",
        "gemma2", "gemma3",
    ]
    /// The names of all tiny checkpoints.
    package static let allNames = tinyNames + familyNames
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

    /// More greedy tokens, past the length at which the rotation changes; empty where it does not.
    package let greedyAcross: [Int32]

    /// Loads a fixture.
    package init(_ name: String) throws {
        let folder = Fixtures.path("\(Self.familyNames.contains(name) ? "families" : "llama")/\(name)")
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
        greedyAcross = integers("greedyAcross").map(Int32.init)
        let tensor = try SafetensorsFile(path: folder + "/expected.safetensors").tensor("logits")
        let values = tensor.floats
        logits = (0..<tensor.shape[0]).map {
            Array(values[$0 * tensor.shape[1]..<($0 + 1) * tensor.shape[1]])
        }
    }

    /// The fixture's name.
    package var description: String { name }
}
