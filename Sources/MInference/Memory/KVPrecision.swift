import Compute

/// How keys and values of a prompt are kept once its layer is done.
public enum KVPrecision: String, Sendable, Hashable, CaseIterable {
    /// In the compute type where that fits, else in 8-bit floating point.
    case automatic = "auto"
    /// In the compute type.
    case native
    /// In 8-bit floating point (e4m3) with a factor per 64 tokens and head.
    case float8 = "fp8"
    /// In 8-bit integers with a factor per 64 tokens and head.
    case int8

    /// What the bytes are when keys and values are compressed.
    package var format: KVFormat { self == .int8 ? .int8 : .float8 }
    /// Whether keys and values are to be compressed in any case.
    package var insistsOnCompression: Bool { self == .float8 || self == .int8 }
}
