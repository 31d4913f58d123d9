/// Lists of numbers laid out one after the other, so that a call's index data goes to the device in one copy.
package struct PackedLists {
    /// The bytes of all lists.
    package private(set) var byteCount = 0
    private var writes: [(UnsafeMutableRawPointer) -> Void] = []

    /// No list.
    package init() {}

    /// Leaves room for a list that is written later; returns its distance from the start in bytes.
    package mutating func reserve<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> Int {
        defer { byteCount += (count * MemoryLayout<Element>.stride + 15) / 16 * 16 }
        return byteCount
    }

    /// Adds a list; returns its distance from the start in bytes, a multiple of 16.
    package mutating func add<Element: BitwiseCopyable>(_ elements: [Element]) -> Int {
        let offset = reserve(elements.count, of: Element.self)
        if !elements.isEmpty {
            writes.append { target in
                elements.withUnsafeBytes {
                    (target + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
                }
            }
        }
        return offset
    }

    /// Writes the lists that were added to `byteCount` bytes at `target`.
    package func write(to target: UnsafeMutableRawPointer) {
        for write in writes { write(target) }
    }
}
