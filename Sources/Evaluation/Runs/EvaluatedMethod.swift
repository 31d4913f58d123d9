import MInference
import SparseAttention

/// A method under evaluation.
public struct EvaluatedMethod: Sendable {
    /// How a prompt is processed.
    enum Source: Sendable {
        case parameters(PrefillParameters)
        /// Indexes of one calibration prompt of the length, which the parameters lead to.
        case calibrated(PrefillParameters)
    }

    /// What tables call it: as it was asked for.
    public let name: String
    /// Everything that its results depend on, for keys of records.
    public let identity: String
    let source: Source

    /// A method whose results depend on `parameters`, and on `extra`, which names what they do not tell.
    public init(name: String, parameters: PrefillParameters, extra: String = "") {
        self.name = name
        identity = Self.identity(of: parameters) + extra
        source = .parameters(parameters)
    }

    /// Static indexes: those that `parameters` lead to on one other prompt of the same length, a haystack of needles
    /// ("ours with static patterns" in MInference, arXiv 2407.02490).
    public static func calibrated(name: String, parameters: PrefillParameters) -> EvaluatedMethod {
        EvaluatedMethod(
            name: name, identity: "static of " + identity(of: parameters), source: .calibrated(parameters))
    }

    private init(name: String, identity: String, source: Source) {
        self.name = name
        self.identity = identity
        self.source = source
    }

    private static func identity(of parameters: PrefillParameters) -> String {
        parameters.attention.specification
            + (parameters.minRecall.map { " min-recall=\($0)" } ?? "")
            + (parameters.estimation == .prompt ? "" : " estimation=\(parameters.estimation)")
    }
}
