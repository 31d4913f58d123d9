extension PixelImage {
    /// The image as a PNG file: eight bits a channel, with alpha when a pixel is not opaque.
    ///
    /// Source: PNG specification (third edition), sections 5, 9.2 and 11.2.
    package func png() -> [UInt8] {
        let opaque = stride(from: 3, to: bytes.count, by: 4).allSatisfy { bytes[$0] == 255 }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header = Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height))
        Self.append("IHDR", header + [8, opaque ? 2 : 6, 0, 0, 0], to: &file)
        Self.append("IDAT", Deflate.zlib(scanlines(channels: opaque ? 3 : 4)), to: &file)
        Self.append("IEND", [], to: &file)
        return file
    }

    /// Rows after the filter "up", which makes repeated rows zeros, each behind its filter's number.
    private func scanlines(channels: Int) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(height * (1 + width * channels))
        for row in 0..<height {
            lines.append(2)
            for column in 0..<width {
                let place = 4 * (row * width + column)
                for channel in 0..<channels {
                    let above = row > 0 ? bytes[place + channel - 4 * width] : 0
                    lines.append(bytes[place + channel] &- above)
                }
            }
        }
        return lines
    }

    private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        let content = Array(type.utf8) + data
        file += bigEndian(UInt32(data.count)) + content + bigEndian(CRC32.checksum(content))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// The cyclic redundancy check of PNG. Source: PNG specification, annex D.
package enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { value, byte in table[Int((value ^ UInt32(byte)) & 255)] ^ value >> 8 }
    }
}
