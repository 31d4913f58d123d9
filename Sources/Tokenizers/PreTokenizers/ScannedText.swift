/// A piece of valid UTF-8 text under the scanners of pre-tokenizers: characters by class.
struct ScannedText {
    let bytes: UnsafeBufferPointer<UInt8>
    private let classes: UnsafePointer<ScalarClass>

    /// A view of `bytes`, which must be valid UTF-8.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        classes = ScalarClassTable.shared.classes
    }

    var count: Int { bytes.count }

    /// The class and the length in bytes of the character at `index`, which must be inside the text.
    @inline(__always)
    func character(at index: Int) -> (kind: ScalarClass, length: Int) {
        let first = bytes[index]
        if first < 0x80 { return (classes[Int(first)], 1) }
        return longCharacter(at: index, first: first)
    }

    /// The end of the longest run from `index` on of characters that are in one of the classes.
    @inline(__always)
    func end(of kinds: ScalarClass, from index: Int) -> Int {
        var index = index
        while index < bytes.count {
            let (kind, length) = character(at: index)
            if kind.isDisjoint(with: kinds) { break }
            index += length
        }
        return index
    }

    /// The end of the longest run from `index` on of characters that are in none of the classes.
    @inline(__always)
    func end(outside kinds: ScalarClass, from index: Int) -> Int {
        var index = index
        while index < bytes.count {
            let (kind, length) = character(at: index)
            if !kind.isDisjoint(with: kinds) { break }
            index += length
        }
        return index
    }

    /// Whether the byte at `index` is this ASCII character.
    @inline(__always)
    func has(_ byte: UInt8, at index: Int) -> Bool {
        index < bytes.count && bytes[index] == byte
    }

    private func longCharacter(at index: Int, first: UInt8) -> (kind: ScalarClass, length: Int) {
        let second = Int(bytes[index + 1] & 0x3F)
        if first < 0xE0 { return (classes[Int(first & 0x1F) << 6 | second], 2) }
        let third = Int(bytes[index + 2] & 0x3F)
        if first < 0xF0 { return (classes[Int(first & 0x0F) << 12 | second << 6 | third], 3) }
        let value = Int(first & 0x07) << 18 | second << 12 | third << 6 | Int(bytes[index + 3] & 0x3F)
        return (Unicode.Scalar(UInt32(value)).map(ScalarClass.init(of:)) ?? [], 4)
    }
}
