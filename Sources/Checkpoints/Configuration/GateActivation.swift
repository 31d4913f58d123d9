/// The activation of a gated MLP: `activation(gate) * up`.
public enum GateActivation: String, Sendable, Hashable {
    /// `g / (1 + e^-g)`.
    case silu
    /// The Gaussian error linear unit by its tanh approximation (Hendrycks and Gimpel 2016).
    case geluTanh

    /// The names in configurations.
    private static let names: [String: GateActivation] = [
        "silu": .silu, "swish": .silu, "gelu_pytorch_tanh": .geluTanh, "gelu_new": .geluTanh,
        "gelu_fast": .geluTanh,
    ]

    /// Reads the first of `keys` that is there; a family has one activation, `standard`, under several names.
    init(
        _ object: ConfigurationObject, keys: [String], standard: GateActivation
    ) throws(ConfigurationError) {
        self = standard
        guard let key = keys.first(where: { object[$0] != nil }) else { return }
        let name = try object.optionalString(key)
        guard name.flatMap({ Self.names[$0] }) == standard else {
            throw object.invalid(
                key, expected: "\"\(standard == .silu ? "silu" : "gelu_pytorch_tanh")\"")
        }
    }
}
