/// Something drawn in a panel, in the units of its axes.
public enum Mark: Sendable, Hashable {
    /// A point of a line.
    public struct Point: Sendable, Hashable {
        /// Along the horizontal axis.
        public var x: Double
        /// Along the vertical axis.
        public var y: Double

        /// A point.
        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// A line through points, by name in the legend; values that are not finite interrupt it.
    case line(name: String, points: [Point], color: Color, dashed: Bool = false, dots: Bool = true)
    /// Bars from the bottom of the axis at the horizontal places 0, 1, 2...: series `series` of `of` that share a place.
    case bars(name: String, values: [Double], color: Color, series: Int = 0, of: Int = 1)
    /// Cells that fill the panel.
    case heatMap(HeatMap)
}

/// A grid of coloured cells that fills a panel, its first row at the top unless the panel says otherwise.
public struct HeatMap: Sendable, Hashable {
    /// What colours mean.
    public enum Colors: Sendable, Hashable {
        /// Numbers between two, with a colour bar of this label.
        case scale(ColorScale, from: Double, to: Double, logarithmic: Bool = false, label: String)
        /// The numbers 0, 1, 2..., each with a name in the legend.
        case categories([Category])
    }

    /// A named colour.
    public struct Category: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// The colour.
        public var color: Color

        /// A category.
        public init(_ name: String, _ color: Color) {
            self.name = name
            self.color = color
        }
    }

    /// Cells of a row.
    public var columns: Int
    /// Cells from the top row on, left to right; NaN leaves a cell empty.
    public var values: [Double]
    /// What colours mean.
    public var colors: Colors
    /// Text in the cells, in the order of `values`; none when empty.
    public var labels: [String]

    /// The number of rows.
    public var rows: Int { values.count / max(columns, 1) }

    /// A grid; `values` holds whole rows.
    public init(columns: Int, values: [Double], colors: Colors, labels: [String] = []) {
        precondition(columns > 0 && values.count % columns == 0, "a heat map has whole rows")
        precondition(labels.isEmpty || labels.count == values.count, "one label per cell")
        self.columns = columns
        self.values = values
        self.colors = colors
        self.labels = labels
    }

    /// The colour of a value; nil for none.
    func color(_ value: Double) -> Color? {
        guard value.isFinite else { return nil }
        switch colors {
        case .scale(let scale, let from, let to, let logarithmic, let label):
            let axis = Axis(label, from: from, to: to, scale: logarithmic ? .logarithmic : .linear)
            return scale.color(axis.share(of: value))
        case .categories(let categories):
            let place = Int(value)
            return categories.indices.contains(place) ? categories[place].color : nil
        }
    }
}
