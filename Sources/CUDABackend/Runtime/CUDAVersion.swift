/// A version of the driver, the compiler or cuBLASLt.
package struct CUDAVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// From the driver's number, 1000 * major + 10 * minor.
    init(driverNumber: Int32) { self.init(Int(driverNumber) / 1000, Int(driverNumber) % 1000 / 10) }

    package static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    package var description: String { "\(major).\(minor)" }
}
