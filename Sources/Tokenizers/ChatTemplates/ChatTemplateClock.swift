#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a template's `strftime_now` takes the time from.
public struct ChatTemplateClock: Sendable {
    private let seconds: @Sendable () -> Int
    private let isLocal: Bool

    /// The time now, in the local time zone.
    public static let system = ChatTemplateClock(seconds: { time(nil) }, isLocal: true)

    /// Always the same time, in UTC: prompts that do not change from day to day.
    ///
    /// - Parameter seconds: seconds since 1970-01-01 00:00:00 UTC.
    public static func fixed(unixSeconds seconds: Int) -> ChatTemplateClock {
        ChatTemplateClock(seconds: { seconds }, isLocal: false)
    }

    /// The time in a format of C's `strftime`; nil when the result is unreasonably long.
    func text(_ format: String) -> String? {
        if format.isEmpty { return "" }
        var now = time_t(seconds())
        var parts = tm()
        guard (isLocal ? localtime_r(&now, &parts) : gmtime_r(&now, &parts)) != nil else { return nil }
        var buffer = [CChar](repeating: 0, count: 4096)
        // The mark tells an empty result from one that does not fit.
        let count = strftime(&buffer, buffer.count, format + "|", &parts)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<(count - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
