/// One kernel: a source file, an entry point in it, and what it is compiled for.
///
/// Make specifications once, as `static let` or in a table: finding a kernel by one then allocates nothing.
package struct KernelSpecification: Sendable {
    /// What is compiled together; entry points of one unit share a module.
    package struct Unit: Sendable, Hashable {
        /// The file, e.g. `sm80_rms_norm.cu`.
        package let source: String
        /// `NAME=VALUE` for each macro, in alphabetical order.
        package let definitions: [String]

        /// The value of a macro; nil when there is none of the name.
        func value(of name: String) -> Int? {
            definitions.first { $0.hasPrefix(name + "=") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
    }

    /// The file and its macros.
    package let unit: Unit
    /// The `extern "C"` name of the `__global__` function.
    package let entry: String
    /// Bytes of dynamic shared memory of a launch, unless the launch says otherwise; also the most it may ask for.
    package let dynamicSharedBytes: Int
    private let hash: Int

    /// A kernel of `source`, compiled with `-DNAME=VALUE` for each of `definitions`.
    package init(
        source: String, entry: String, definitions: [String: Int] = [:], dynamicSharedBytes: Int = 0
    ) {
        unit = Unit(source: source, definitions: definitions.map { "\($0)=\($1)" }.sorted())
        self.entry = entry
        self.dynamicSharedBytes = dynamicSharedBytes
        var hasher = Hasher()
        hasher.combine(unit)
        hasher.combine(entry)
        hasher.combine(dynamicSharedBytes)
        hash = hasher.finalize()
    }
}

extension KernelSpecification: Hashable {
    package static func == (a: Self, b: Self) -> Bool {
        a.hash == b.hash && a.entry == b.entry && a.dynamicSharedBytes == b.dynamicSharedBytes
            && a.unit == b.unit
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension KernelSpecification: CustomStringConvertible {
    /// The file, the entry and the macros.
    package var description: String {
        ([unit.source, entry] + unit.definitions).joined(separator: " ")
    }
}
