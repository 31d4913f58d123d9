import Testing

import Plotting

struct PNGTests {
    @Test func checksumIsThatOfTheStandard() {
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test(arguments: [0, 1, 2, 3, 300, 70000])
    func deflatedBytesComeBack(count: Int) throws {
        var state: UInt32 = 7
        let random = (0..<count).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        let repeating = (0..<count).map { UInt8($0 / 50 % 7) }
        let distant = (0..<count).map { $0 > 33000 ? random[$0 - 33000] : random[$0] }
        for bytes in [random, repeating, distant, [UInt8](repeating: 0, count: count)] {
            #expect(Inflater.inflate(Deflate.zlib(bytes)) == bytes)
        }
        #expect(Deflate.zlib([UInt8](repeating: 9, count: count)).count < 1000)
    }

    @Test func everyPixelOfAnImageIsInItsFile() throws {
        var image = PixelImage(width: 3, height: 2, color: Color(0x102030))
        image.blend(Color(0xFF8001), 1, x: 2, y: 1)
        let file = image.png()
        #expect(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(Array(file[16..<24]) == [0, 0, 0, 3, 0, 0, 0, 2])
        #expect(Array(file[24..<29]) == [8, 2, 0, 0, 0])
        let length = file[33..<37].reduce(0) { $0 << 8 | Int($1) }
        let lines = try #require(Inflater.inflate(Array(file[41..<41 + length])))
        let first: [UInt8] = [0x10, 0x20, 0x30, 0x10, 0x20, 0x30, 0x10, 0x20, 0x30]
        #expect(lines == [2] + first + [2, 0, 0, 0, 0, 0, 0, 0xFF - 0x10, 0x60, 0xD1])
    }

    @Test func emptyCellsAreTransparent() {
        let map = HeatMap(
            columns: 2, values: [0, .nan], colors: .scale(.viridis, from: 0, to: 1, label: "share"))
        let image = PixelImage(map)
        #expect(image[0, 0] == (Color(0x440154), 1))
        #expect(image[1, 0].alpha == 0)
        #expect(image.png()[25] == 6)
    }
}
