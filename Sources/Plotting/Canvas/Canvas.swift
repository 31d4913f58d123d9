/// A rectangle, y growing downwards.
struct Rectangle {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
}

/// What something is drawn with: parts of the frame follow the ground, data has colours of its own.
enum Paint {
    case ink
    case faintInk
    case grid
    case color(Color)
}

/// Where a text stands to its place.
enum TextAnchor: String {
    case start
    case middle
    case end
}

/// What figures are drawn on; coordinates are pixels of 1/96 inch from the top left.
protocol Canvas {
    mutating func fill(_ rectangle: Rectangle, paint: Paint)
    mutating func outline(_ rectangle: Rectangle, paint: Paint)
    mutating func line(_ points: [(Double, Double)], paint: Paint, width: Double, dashed: Bool)
    mutating func dot(_ center: (Double, Double), radius: Double, paint: Paint)
    /// A text on a base line at `at`.
    mutating func text(
        _ text: String, at: (Double, Double), size: Double, anchor: TextAnchor, paint: Paint, bold: Bool)
    /// A text that runs upwards, centred on `at`.
    mutating func rotatedText(_ text: String, at: (Double, Double), size: Double, paint: Paint)
    /// An image stretched over a rectangle without smoothing.
    mutating func image(_ image: PixelImage, in rectangle: Rectangle)
}

extension Canvas {
    mutating func line(_ points: [(Double, Double)], paint: Paint, width: Double) {
        line(points, paint: paint, width: width, dashed: false)
    }

    mutating func text(
        _ text: String, at place: (Double, Double), size: Double, anchor: TextAnchor, paint: Paint
    ) {
        self.text(text, at: place, size: size, anchor: anchor, paint: paint, bold: false)
    }
}
