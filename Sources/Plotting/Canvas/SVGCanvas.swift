/// Writes a figure as SVG.
struct SVGCanvas: Canvas {
    private var body = ""
    private let size: Figure.Size
    private let title: String

    init(size: Figure.Size, title: String) {
        self.size = size
        self.title = title
    }

    /// The whole document.
    var document: String {
        let (width, height) = (Self.number(size.width), Self.number(size.height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" role="img" font-family="system-ui,Helvetica,Arial,sans-serif">
            <title>\(Self.escaped(title))</title>
            <style>
            .ground{fill:#fff}.ink{fill:#1b1f24}.faint{fill:#57606a}
            .frame{stroke:#57606a}.grid{stroke:#d8dee4}
            @media (prefers-color-scheme:dark){
            .ground{fill:#0d1117}.ink{fill:#e6edf3}.faint{fill:#9da7b3}
            .frame{stroke:#9da7b3}.grid{stroke:#30363d}
            }
            </style>
            <rect class="ground" width="\(width)" height="\(height)"/>
            \(body)</svg>

            """
    }

    mutating func fill(_ rectangle: Rectangle, paint: Paint) {
        body += "<rect \(Self.attributes(rectangle)) \(Self.fill(paint))/>\n"
    }

    mutating func outline(_ rectangle: Rectangle, paint: Paint) {
        body += "<rect \(Self.attributes(rectangle)) fill=\"none\" \(Self.stroke(paint))/>\n"
    }

    mutating func line(_ points: [(Double, Double)], paint: Paint, width: Double, dashed: Bool) {
        let list = points.map { Self.number($0.0) + "," + Self.number($0.1) }.joined(separator: " ")
        body += "<polyline points=\"\(list)\" fill=\"none\" stroke-width=\"\(Self.number(width))\" "
        body += Self.stroke(paint) + (dashed ? " stroke-dasharray=\"5 4\"" : "") + "/>\n"
    }

    mutating func dot(_ center: (Double, Double), radius: Double, paint: Paint) {
        body += "<circle cx=\"\(Self.number(center.0))\" cy=\"\(Self.number(center.1))\" "
        body += "r=\"\(Self.number(radius))\" \(Self.fill(paint))/>\n"
    }

    mutating func text(
        _ text: String, at place: (Double, Double), size: Double, anchor: TextAnchor, paint: Paint, bold: Bool
    ) {
        guard !text.isEmpty else { return }
        body += "<text x=\"\(Self.number(place.0))\" y=\"\(Self.number(place.1))\" "
        body += "font-size=\"\(Self.number(size))\" text-anchor=\"\(anchor.rawValue)\" \(Self.fill(paint))"
        body += (bold ? " font-weight=\"600\"" : "") + ">\(Self.escaped(text))</text>\n"
    }

    mutating func rotatedText(_ text: String, at place: (Double, Double), size: Double, paint: Paint) {
        guard !text.isEmpty else { return }
        body += "<text transform=\"translate(\(Self.number(place.0)) \(Self.number(place.1))) rotate(-90)\" "
        body += "font-size=\"\(Self.number(size))\" text-anchor=\"middle\" \(Self.fill(paint))>"
        body += "\(Self.escaped(text))</text>\n"
    }

    mutating func image(_ image: PixelImage, in rectangle: Rectangle) {
        body += "<image \(Self.attributes(rectangle)) preserveAspectRatio=\"none\" "
        body += "style=\"image-rendering:pixelated\" href=\"data:image/png;base64,"
        // Not all readers of SVG heed the style: cells of several pixels stay sharp with those that smooth.
        body += Base64.text(image.magnified(toAtLeast: 512).png()) + "\"/>\n"
    }

    private static func attributes(_ rectangle: Rectangle) -> String {
        "x=\"\(number(rectangle.x))\" y=\"\(number(rectangle.y))\" "
            + "width=\"\(number(rectangle.width))\" height=\"\(number(rectangle.height))\""
    }

    private static func fill(_ paint: Paint) -> String {
        switch paint {
        case .ink: "class=\"ink\""
        case .faintInk, .grid: "class=\"faint\""
        case .color(let color): "fill=\"\(color.hex)\""
        }
    }

    private static func stroke(_ paint: Paint) -> String {
        switch paint {
        case .ink, .faintInk: "class=\"frame\""
        case .grid: "class=\"grid\""
        case .color(let color): "stroke=\"\(color.hex)\" stroke-linejoin=\"round\""
        }
    }

    /// Hundredths of a pixel are enough.
    private static func number(_ value: Double) -> String { Axis.text((value * 100).rounded() / 100) }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}

/// Base 64 with padding. Source: RFC 4648, section 4.
package enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? letters[Int(bits >> UInt32(18 - 6 * place)) & 63] : 61)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
