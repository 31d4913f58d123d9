/// A picture of one or more panels under a title, drawn as SVG or PNG.
public struct Figure: Sendable, Hashable {
    /// A pair of axes with marks.
    public struct Panel: Sendable, Hashable {
        /// What stands above.
        public var title: String
        /// The horizontal axis.
        public var x: Axis
        /// The vertical axis.
        public var y: Axis
        /// What is drawn, first marks below later ones.
        public var marks: [Mark]

        /// A panel.
        public init(_ title: String, x: Axis, y: Axis, marks: [Mark]) {
            self.title = title
            self.x = x
            self.y = y
            self.marks = marks
        }
    }

    /// The title.
    public var title: String
    /// A smaller line below the title: model, length, machine, date.
    public var subtitle: String
    /// The panels, row by row.
    public var panels: [Panel]
    /// Panels of a row.
    public var columns: Int
    /// The size of a panel's data area in pixels of 1/96 inch.
    public var panelSize: Size

    /// A width and a height.
    public struct Size: Sendable, Hashable {
        /// Pixels from left to right.
        public var width: Double
        /// Pixels from top to bottom.
        public var height: Double

        /// A size.
        public init(_ width: Double, _ height: Double) {
            self.width = width
            self.height = height
        }
    }

    /// A figure of at least one panel.
    public init(
        _ title: String, subtitle: String = "", panels: [Panel], columns: Int = 1,
        panelSize: Size = Size(480, 300)
    ) {
        precondition(!panels.isEmpty && columns > 0, "a figure has panels")
        self.title = title
        self.subtitle = subtitle
        self.panels = panels
        self.columns = columns
        self.panelSize = panelSize
    }

    /// The figure as an SVG document whose ground and text follow the reader's light or dark scheme.
    public func svg() -> String {
        let layout = FigureLayout(self)
        var canvas = SVGCanvas(size: layout.size, title: title)
        layout.draw(on: &canvas)
        return canvas.document
    }

    /// The figure as a PNG file on a light ground, `scale` pixels for each of the figure's.
    public func png(scale: Int = 2) -> [UInt8] {
        let layout = FigureLayout(self)
        var canvas = RasterCanvas(size: layout.size, scale: max(scale, 1))
        layout.draw(on: &canvas)
        return canvas.image.png()
    }
}
