/// Counts words in pieces of up to four letters, and every other character but spaces: about what a small
/// byte-level vocabulary does.
func toyTokens(_ text: String) -> Int {
    var count = 0
    var letters = 0
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            if letters % 4 == 0 { count += 1 }
            letters += 1
        case UInt8(ascii: " "):
            letters = 0
        default:
            count += 1
            letters = 0
        }
    }
    return count
}

/// The places where `part` begins in `text`, as offsets of bytes.
func places(of part: String, in text: String) -> [Int] {
    let part = Array(part.utf8)
    let text = Array(text.utf8)
    guard text.count >= part.count else { return [] }
    return (0...text.count - part.count).filter {
        text[$0] == part[0] && text[$0..<$0 + part.count].elementsEqual(part)
    }
}

/// FNV-1a, to pin a long text in one number.
func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
