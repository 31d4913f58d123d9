/// Letters of five by eight dots for pictures that cannot name a font: ASCII, others as a box.
enum BitmapFont {
    /// Five columns for each of the characters 32...126, two digits each, the lowest bit at the top and the eighth row
    /// below the base line.
    private static let columns = Array(
        """
        000000000000005F00000007000700147F147F14242A7F2A12231308646236495620500008070300
        001C2241000041221C002A1C7F1C2A08083E08080080703000080808080800006060002010080402
        3E5149453E00427F400072494949462141494D331814127F1027454545393C4A4949314121110907
        3649494936464949291E000014000000403400000008142241141414141400412214080201590906
        3E415D594E7C1211127C7F494949363E414141227F4141413E7F494949417F090909013E41415173
        7F0808087F00417F41002040413F017F081422417F404040407F021C027F7F0408107F3E4141413E
        7F090909063E4151215E7F09192946264949493203017F01033F4040403F1F2040201F3F4038403F
        631408146303047804036159494D43007F4141410204081020004141417F04020102044040404040
        000307080020545478407F284444383844444428384444287F385454541800087E090218A4A49C78
        7F0804047800447D40002040403D007F1028440000417F40007C047804787C080404783844444438
        FC1824241818242418FC7C08040408485454542404043F44243C4040207C1C2040201C3C4030403C
        44281028444C9090907C4464544C440008364100000077000000413608000201020402
        """.utf8.filter { $0 != 10 })

    /// The text's dots as rectangles around a base line that begins at the origin.
    struct Raster {
        let width: Double
        let pixels: [Rectangle]

        /// Letters of a font size in image pixels: dots of an eleventh of it each way, so that a letter with its gap is as
        /// wide as a sans-serif one. Dots are whole pixels from 11 on.
        init(_ text: String, size: Double) {
            let dot = size < 11 ? size / 11 : (size / 11).rounded()
            var pixels: [Rectangle] = []
            for (place, character) in text.enumerated() {
                for column in 0..<5 {
                    let bits = BitmapFont.column(column, of: character)
                    for row in 0..<8 where bits >> row & 1 == 1 {
                        pixels.append(
                            Rectangle(
                                x: Double(place * 6 + column) * dot, y: Double(row - 7) * dot, width: dot,
                                height: dot))
                    }
                }
            }
            self.pixels = pixels
            width = Double(max(text.count * 6 - 1, 0)) * dot
        }
    }

    private static func column(_ column: Int, of character: Character) -> Int {
        guard let ascii = character.asciiValue, (32...126).contains(ascii) else {
            return column == 0 || column == 4 ? 0x7F : 0x41
        }
        let place = (Int(ascii - 32) * 5 + column) * 2
        return digit(columns[place]) << 4 | digit(columns[place + 1])
    }

    private static func digit(_ letter: UInt8) -> Int { Int(letter) - (letter < 65 ? 48 : 55) }
}
