/// Several arrays in one allocation; each begins at a multiple of 256 bytes.
struct DeviceLayout {
    /// The bytes of all arrays so far.
    private(set) var byteCount = 0

    /// The offset of a new array of `count` elements.
    mutating func place<Element: BitwiseCopyable>(_ count: Int, of element: Element.Type) -> Int {
        let offset = byteCount
        byteCount += (count * MemoryLayout<Element>.stride + 255) / 256 * 256
        return offset
    }
}

/// A device address as a pointer for an argument struct.
func devicePointer<Element>(_ address: UInt) -> UnsafePointer<Element>? { UnsafePointer(bitPattern: address) }

/// A device address as a pointer for an argument struct.
func devicePointer<Element>(_ address: UInt) -> UnsafeMutablePointer<Element>? {
    UnsafeMutablePointer(bitPattern: address)
}
