/// How keys and values of a prompt are kept once its layer is done.
public enum KVPrecision: String, Sendable, Hashable, CaseIterable {
    /// In the compute type where that fits, else in 8-bit floating point.
    case automatic = "auto"
    /// In the compute type.
    case native
    /// In 8-bit floating point (e4m3) with a factor per 64 tokens and head.
    case float8 = "fp8"
}
