#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The most memory that this process has had resident.
package enum PeakMemory {
    /// The high-water mark in bytes, as the system counts it.
    package static var bytes: Int {
        var usage = rusage()
        #if canImport(Glibc)
            let itself = __rusage_who_t(RUSAGE_SELF.rawValue)
        #else
            let itself = RUSAGE_SELF
        #endif
        guard getrusage(itself, &usage) == 0 else { return 0 }
        #if canImport(Darwin)
            return usage.ru_maxrss
        #else
            // Linux counts kibibytes.
            return usage.ru_maxrss * 1024
        #endif
    }
}
