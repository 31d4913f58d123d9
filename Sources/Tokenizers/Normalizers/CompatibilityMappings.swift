/// What Unicode Normalization Forms KC and KD do beside C and D: characters become those that they are compatible with,
/// such as `ﬁ` two letters and `２` a digit. The standard library has tables for the canonical forms only.
enum CompatibilityMappings {
    /// The characters that stand for one character, which ``table`` has.
    private static let mappings: [UInt32: [UInt8]] = {
        var mappings: [UInt32: [UInt8]] = [:]
        let text = table.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        for entry in text.split(separator: " ") {
            let parts = entry.split(separator: ":")
            let source = parts[0].split(separator: "+").compactMap { UInt32($0, radix: 16) }
            let target = parts[1].split(separator: ".").compactMap { UInt32($0, radix: 16) }
            for step in 0..<(source.count > 1 ? source[1] : 1) {
                var bytes: [UInt8] = []
                for value in target { UTF8Text.append(value + step, to: &bytes) }
                mappings[source[0] + step] = bytes
            }
        }
        return mappings
    }()

    /// The text with compatible characters, to be brought into Form C or D then; nil when nothing changes.
    static func apply(to text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // Nothing is mapped below U+00A0.
        guard text.contains(where: { $0 >= 0xC2 }) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isChanged = false
        var index = 0
        while index < text.count {
            let (value, length) = UTF8Text.scalar(at: index, in: text)
            if value >= 0xA0, let mapping = mappings[value] {
                result.append(contentsOf: mapping)
                isChanged = true
            } else {
                result.append(contentsOf: text[index..<index + length])
            }
            index += length
        }
        return isChanged ? result : nil
    }
}
