#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system says about its processor.
enum Processor {
    /// The model's name, e.g. `AMD EPYC`; the architecture where the system tells no name.
    static var name: String {
        if let file = fopen("/proc/cpuinfo", "r") {
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 4096)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(
                    decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                let fields = text.split(separator: ":", maxSplits: 1)
                if fields.count == 2, fields[0].hasPrefix("model name") {
                    return fields[1].split(whereSeparator: \.isWhitespace).joined(separator: " ")
                }
            }
        }
        #if arch(x86_64)
            return "x86-64"
        #else
            return "arm64"
        #endif
    }
}
