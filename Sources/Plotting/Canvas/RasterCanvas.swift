/// Draws a figure into pixels, with edges smoothed by the share of a pixel that is covered.
struct RasterCanvas: Canvas {
    private(set) var image: PixelImage
    private let scale: Double

    init(size: Figure.Size, scale: Int) {
        self.scale = Double(scale)
        image = PixelImage(
            width: Int((size.width * Double(scale)).rounded(.up)),
            height: Int((size.height * Double(scale)).rounded(.up)), color: Color(0xFFFFFF))
    }

    mutating func fill(_ rectangle: Rectangle, paint: Paint) {
        let color = Self.color(paint)
        let (columns, rows) = pixels(of: rectangle)
        for row in rows { for column in columns { image.blend(color, 1, x: column, y: row) } }
    }

    mutating func outline(_ rectangle: Rectangle, paint: Paint) {
        let (left, top) = (rectangle.x, rectangle.y)
        let (right, bottom) = (left + rectangle.width, top + rectangle.height)
        line(
            [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], paint: paint, width: 1,
            dashed: false)
    }

    mutating func line(_ points: [(Double, Double)], paint: Paint, width: Double, dashed: Bool) {
        var travelled = 0.0
        for (start, end) in zip(points, points.dropFirst()) {
            segment(start, end, color: Self.color(paint), width: width, travelled: dashed ? travelled : nil)
            let (dx, dy) = (end.0 - start.0, end.1 - start.1)
            travelled += (dx * dx + dy * dy).squareRoot()
        }
    }

    mutating func dot(_ center: (Double, Double), radius: Double, paint: Paint) {
        segment(center, center, color: Self.color(paint), width: 2 * radius, travelled: nil)
    }

    mutating func text(
        _ text: String, at place: (Double, Double), size: Double, anchor: TextAnchor, paint: Paint, bold: Bool
    ) {
        let raster = BitmapFont.Raster(text, size: size * scale)
        let start: Double =
            switch anchor {
            case .start: 0
            case .middle: -raster.width / 2
            case .end: -raster.width
            }
        for pixel in raster.pixels {
            let rectangle = Rectangle(
                x: (place.0 * scale + start + pixel.x).rounded(), y: (place.1 * scale + pixel.y).rounded(),
                width: pixel.width + (bold ? pixel.width * 0.35 : 0), height: pixel.height)
            cover(rectangle, color: Self.color(paint))
        }
    }

    mutating func rotatedText(_ text: String, at place: (Double, Double), size: Double, paint: Paint) {
        let raster = BitmapFont.Raster(text, size: size * scale)
        for pixel in raster.pixels {
            let rectangle = Rectangle(
                x: (place.0 * scale + pixel.y).rounded(),
                y: (place.1 * scale + raster.width / 2 - pixel.x - pixel.width).rounded(),
                width: pixel.height, height: pixel.width)
            cover(rectangle, color: Self.color(paint))
        }
    }

    mutating func image(_ source: PixelImage, in rectangle: Rectangle) {
        let (columns, rows) = pixels(of: rectangle)
        for row in rows {
            let y = (row - rows.lowerBound) * source.height / rows.count
            for column in columns {
                let x = (column - columns.lowerBound) * source.width / columns.count
                let (color, alpha) = source[x, y]
                image.blend(color, alpha, x: column, y: row)
            }
        }
    }

    /// The pixels of a rectangle, at least one each way.
    private func pixels(of rectangle: Rectangle) -> (columns: Range<Int>, rows: Range<Int>) {
        let left = Int((rectangle.x * scale).rounded())
        let top = Int((rectangle.y * scale).rounded())
        return (
            left..<max(Int(((rectangle.x + rectangle.width) * scale).rounded()), left + 1),
            top..<max(Int(((rectangle.y + rectangle.height) * scale).rounded()), top + 1)
        )
    }

    /// Blends a rectangle in image pixels by how much of each pixel it covers.
    private mutating func cover(_ rectangle: Rectangle, color: Color) {
        func overlap(_ pixel: Int, _ start: Double, _ length: Double) -> Double {
            max(min(Double(pixel + 1), start + length) - max(Double(pixel), start), 0)
        }
        for row in Int(rectangle.y.rounded(.down))...Int((rectangle.y + rectangle.height).rounded(.down)) {
            let vertical = overlap(row, rectangle.y, rectangle.height)
            for column in Int(
                rectangle.x.rounded(.down))...Int((rectangle.x + rectangle.width).rounded(.down))
            {
                let share = vertical * overlap(column, rectangle.x, rectangle.width)
                if share > 0 { image.blend(color, share, x: column, y: row) }
            }
        }
    }

    /// A thick segment with round ends; with `travelled` it is dashed, 5 pixels on and 4 off, counted from there.
    private mutating func segment(
        _ start: (Double, Double), _ end: (Double, Double), color: Color, width: Double, travelled: Double?
    ) {
        let a = (start.0 * scale, start.1 * scale)
        let b = (end.0 * scale, end.1 * scale)
        let radius = width * scale / 2
        let (dx, dy) = (b.0 - a.0, b.1 - a.1)
        let length = (dx * dx + dy * dy).squareRoot()
        for row in Int(min(a.1, b.1) - radius - 1)...Int(max(a.1, b.1) + radius + 1) {
            for column in Int(min(a.0, b.0) - radius - 1)...Int(max(a.0, b.0) + radius + 1) {
                let (px, py) = (Double(column) + 0.5 - a.0, Double(row) + 0.5 - a.1)
                let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), length) : 0
                if let travelled, (travelled + along / scale).truncatingRemainder(dividingBy: 9) >= 5 {
                    continue
                }
                let (qx, qy) = length > 0 ? (along * dx / length, along * dy / length) : (0, 0)
                let distance = ((px - qx) * (px - qx) + (py - qy) * (py - qy)).squareRoot()
                let share = min(max(radius - distance + 0.5, 0), 1)
                if share > 0 { image.blend(color, share, x: column, y: row) }
            }
        }
    }

    private static func color(_ paint: Paint) -> Color {
        switch paint {
        case .ink: Color(0x1B1F24)
        case .faintInk: Color(0x57606A)
        case .grid: Color(0xD8DEE4)
        case .color(let color): color
        }
    }
}
