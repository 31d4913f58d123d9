/// Why a generation ended.
public struct StopReason: RawRepresentable, Sendable, Hashable {
    /// The word for it, as reports write it.
    public let rawValue: String

    /// A reason by its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The model ended its answer, or a stop string came.
    public static let stop = StopReason(rawValue: "stop")
    /// The limit of tokens or of the model's positions was reached.
    public static let length = StopReason(rawValue: "length")
    /// Somebody asked it to end.
    public static let cancelled = StopReason(rawValue: "cancelled")
}
