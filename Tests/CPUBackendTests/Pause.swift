#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sleeps, so that workers of a pool fall asleep too.
func pause(microseconds: UInt32) { usleep(microseconds) }
