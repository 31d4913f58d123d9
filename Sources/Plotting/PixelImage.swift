/// Rows of sRGB pixels with alpha, from the top.
package struct PixelImage: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// Four bytes a pixel: red, green, blue, alpha.
    private(set) var bytes: [UInt8]

    /// One colour everywhere.
    package init(width: Int, height: Int, color: Color) {
        self.width = width
        self.height = height
        bytes = []
        bytes.reserveCapacity(width * height * 4)
        for _ in 0..<width * height { bytes += [color.red, color.green, color.blue, 255] }
    }

    /// A pixel per cell; empty cells are transparent.
    package init(_ map: HeatMap) {
        self.init(width: map.columns, height: map.rows, color: Color(0))
        for (place, value) in map.values.enumerated() {
            if let color = map.color(value) {
                bytes.replaceSubrange(4 * place..<4 * place + 3, with: [color.red, color.green, color.blue])
            } else {
                bytes[4 * place + 3] = 0
            }
        }
    }

    /// A column of a scale's colours, brightest first.
    init(bar scale: ColorScale) {
        self.init(width: 1, height: 256, color: Color(0))
        for place in 0..<256 {
            blend(scale.color(1 - Double(place) / 255), 1, x: 0, y: place)
        }
    }

    /// A pixel's colour and its opacity, 0...1.
    package subscript(x: Int, y: Int) -> (color: Color, alpha: Double) {
        let place = 4 * (y * width + x)
        let color = Color(
            UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]))
        return (color, Double(bytes[place + 3]) / 255)
    }

    /// Lays `color` over a pixel, `share` of it opaque; pixels outside are ignored.
    package mutating func blend(_ color: Color, _ share: Double, x: Int, y: Int) {
        guard x >= 0, x < width, y >= 0, y < height else { return }
        let place = 4 * (y * width + x)
        let mixed = share >= 1 ? color : self[x, y].color.mixed(with: color, share: share)
        (bytes[place], bytes[place + 1], bytes[place + 2]) = (mixed.red, mixed.green, mixed.blue)
    }

    /// The image with every pixel repeated, so often each way that both sides have at least `side` pixels, or once.
    func magnified(toAtLeast side: Int) -> PixelImage {
        let (across, down) = (max(side / width, 1), max(side / max(height, 1), 1))
        guard across > 1 || down > 1 else { return self }
        var image = PixelImage(width: width * across, height: height * down, color: Color(0))
        for y in 0..<image.height {
            for x in 0..<image.width {
                let (from, to) = (4 * (y / down * width + x / across), 4 * (y * image.width + x))
                for channel in 0..<4 { image.bytes[to + channel] = bytes[from + channel] }
            }
        }
        return image
    }
}
