/// Names a request that the server has taken on.
package struct JobID: Sendable, Hashable, Comparable {
    /// Counts up.
    package let number: UInt64

    /// The name with this number.
    package init(_ number: UInt64) { self.number = number }

    package static func < (a: JobID, b: JobID) -> Bool { a.number < b.number }
}
