/// Where the parts of a figure stand.
package struct FigureLayout {
    let figure: Figure
    package let size: Figure.Size
    private let headHeight: Double
    /// The subtitle, as many words in a line as the panels are wide.
    private let subtitle: [String]
    private let margins: [PanelMargins]
    private let columnWidths: [Double]
    private let rowHeights: [Double]

    package init(_ figure: Figure) {
        self.figure = figure
        margins = figure.panels.map { PanelMargins($0, size: figure.panelSize) }
        let columns = min(figure.columns, figure.panels.count)
        let rows = (figure.panels.count + columns - 1) / columns
        let margins = margins
        columnWidths = (0..<columns).map { column in
            margins.indices.filter { $0 % columns == column }.map { margins[$0].horizontal }.max()!
                + figure.panelSize.width
        }
        rowHeights = (0..<rows).map { row in
            margins.indices.filter { $0 / columns == row }.map { margins[$0].vertical }.max()!
                + figure.panelSize.height
        }
        let width = max(columnWidths.reduce(0, +), textWidth(figure.title, size: 16) + 32)
        subtitle = Self.lines(of: figure.subtitle, width: width - 32)
        headHeight = 40 + Double(subtitle.count) * Self.lineHeight + (subtitle.isEmpty ? 0 : 4)
        size = Figure.Size(width, headHeight + rowHeights.reduce(0, +))
    }

    private static let lineHeight = 14.0

    /// The text's words in lines that are not wider than `width`, unless a word is.
    private static func lines(of text: String, width: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let line = lines.last, textWidth(line + " " + word, size: 11) <= width {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    func draw(on canvas: inout some Canvas) {
        canvas.text(figure.title, at: (16, 27), size: 16, anchor: .start, paint: .ink, bold: true)
        for (number, line) in subtitle.enumerated() {
            canvas.text(
                line, at: (16, 45 + Double(number) * Self.lineHeight), size: 11, anchor: .start,
                paint: .faintInk)
        }
        var top = headHeight
        for (row, height) in rowHeights.enumerated() {
            var left = 0.0
            for (column, width) in columnWidths.enumerated() {
                let place = row * columnWidths.count + column
                guard place < figure.panels.count else { break }
                let frame = Rectangle(
                    x: left + margins[place].left, y: top + margins[place].top,
                    width: figure.panelSize.width, height: figure.panelSize.height)
                PanelDrawing(panel: figure.panels[place], frame: frame, margins: margins[place])
                    .draw(on: &canvas)
                left += width
            }
            top += height
        }
    }
}

/// The room that a panel's title, axes, legend and colour bar need around its data area.
struct PanelMargins {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    /// The entries of the legend, row by row.
    let legend: [[LegendEntry]]

    var horizontal: Double { left + right }
    var vertical: Double { top + bottom }

    init(_ panel: Figure.Panel, size: Figure.Size) {
        let widest = panel.y.shownTicks.map { textWidth($0.label, size: 11) }.max() ?? 0
        left = 16 + (panel.y.label.isEmpty ? 0 : 20) + widest + 8
        right = panel.marks.contains { $0.hasColorBar } ? 96 : 24
        legend = LegendEntry.rows(panel.marks.flatMap(\.legend), width: size.width)
        top = (panel.title.isEmpty ? 8 : 28) + Double(legend.count) * 18
        bottom = 24 + (panel.x.label.isEmpty ? 0 : 20) + 12
    }
}

/// A name in a legend with its colour.
struct LegendEntry: Hashable {
    let name: String
    let color: Color
    let isLine: Bool
    let dashed: Bool

    var width: Double { 24 + textWidth(name, size: 11) + 16 }

    /// Entries with names, as many in a row as fit.
    static func rows(_ entries: [LegendEntry], width: Double) -> [[LegendEntry]] {
        var rows: [[LegendEntry]] = []
        var used = 0.0
        for entry in entries where !entry.name.isEmpty {
            if rows.isEmpty || used + entry.width > width {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(entry)
            used += entry.width
        }
        return rows
    }
}

extension Mark {
    var hasColorBar: Bool {
        if case .heatMap(let map) = self, case .scale = map.colors { return true }
        return false
    }

    var legend: [LegendEntry] {
        switch self {
        case .line(let name, _, let color, let dashed, _):
            [LegendEntry(name: name, color: color, isLine: true, dashed: dashed)]
        case .bars(let name, _, let color, _, _):
            [LegendEntry(name: name, color: color, isLine: false, dashed: false)]
        case .heatMap(let map):
            switch map.colors {
            case .scale: []
            case .categories(let categories):
                categories.map { LegendEntry(name: $0.name, color: $0.color, isLine: false, dashed: false) }
            }
        }
    }
}

/// The width that a text takes, by the mean width of a sans-serif letter.
func textWidth(_ text: String, size: Double) -> Double { Double(text.count) * size * 0.56 }
