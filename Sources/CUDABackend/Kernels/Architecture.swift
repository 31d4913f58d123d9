/// The compute capability of a GPU, as compilers name it.
package struct Architecture: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Major and minor number, e.g. 9 and 0.
    package let major: Int
    package let minor: Int

    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Ampere: the oldest that kernels run on.
    package static let sm80 = Architecture(major: 8, minor: 0)
    /// Hopper.
    package static let sm90 = Architecture(major: 9, minor: 0)

    package static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    /// Whether TMA and wgmma kernels run: 9.0 only, since `wgmma` is specific to it.
    package var isHopper: Bool { self == .sm90 }

    /// The compiler's name, `sm_80`; Hopper's is `sm_90a`, with the instructions that only it has.
    package var description: String { isHopper ? "sm_90a" : "sm_\(major)\(minor)" }
}
