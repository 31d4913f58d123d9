/// Draws one panel into a frame.
struct PanelDrawing {
    let panel: Figure.Panel
    let frame: Rectangle
    let margins: PanelMargins

    func draw(on canvas: inout some Canvas) {
        let legendHeight = Double(margins.legend.count) * 18
        canvas.text(
            panel.title, at: (frame.x, frame.y - legendHeight - 12), size: 13, anchor: .start, paint: .ink,
            bold: true)
        drawLegend(on: &canvas, top: frame.y - legendHeight - 4)
        let cells = panel.marks.contains { if case .heatMap = $0 { true } else { false } }
        if !cells { drawGrid(on: &canvas) }
        for mark in panel.marks { draw(mark, on: &canvas) }
        canvas.outline(frame, paint: .faintInk)
        drawTicks(on: &canvas)
    }

    private func x(_ value: Double) -> Double { frame.x + panel.x.share(of: value) * frame.width }
    private func y(_ value: Double) -> Double { frame.y + (1 - panel.y.share(of: value)) * frame.height }

    private func drawGrid(on canvas: inout some Canvas) {
        for tick in panel.y.shownTicks {
            canvas.line(
                [(frame.x, y(tick.value)), (frame.x + frame.width, y(tick.value))], paint: .grid, width: 1)
        }
    }

    private func drawTicks(on canvas: inout some Canvas) {
        let bottom = frame.y + frame.height
        for tick in panel.x.shownTicks {
            canvas.line([(x(tick.value), bottom), (x(tick.value), bottom + 4)], paint: .faintInk, width: 1)
            canvas.text(
                tick.label, at: (x(tick.value), bottom + 17), size: 11, anchor: .middle, paint: .ink)
        }
        for tick in panel.y.shownTicks {
            canvas.line([(frame.x - 4, y(tick.value)), (frame.x, y(tick.value))], paint: .faintInk, width: 1)
            canvas.text(
                tick.label, at: (frame.x - 8, y(tick.value) + 4), size: 11, anchor: .end, paint: .ink)
        }
        canvas.text(
            panel.x.label, at: (frame.x + frame.width / 2, bottom + 37), size: 12, anchor: .middle,
            paint: .ink)
        canvas.rotatedText(
            panel.y.label, at: (frame.x - margins.left + 20, frame.y + frame.height / 2), size: 12,
            paint: .ink)
    }

    private func drawLegend(on canvas: inout some Canvas, top: Double) {
        for (row, entries) in margins.legend.enumerated() {
            var left = frame.x
            let middle = top + Double(row) * 18 + 4
            for entry in entries {
                if entry.isLine {
                    canvas.line(
                        [(left, middle), (left + 18, middle)], paint: .color(entry.color), width: 2,
                        dashed: entry.dashed)
                } else {
                    canvas.fill(
                        Rectangle(x: left + 3, y: middle - 6, width: 12, height: 12),
                        paint: .color(entry.color))
                }
                canvas.text(entry.name, at: (left + 24, middle + 4), size: 11, anchor: .start, paint: .ink)
                left += entry.width
            }
        }
    }

    private func draw(_ mark: Mark, on canvas: inout some Canvas) {
        switch mark {
        case .line(_, let points, let color, let dashed, let dots):
            for run in points.split(whereSeparator: { !$0.x.isFinite || !$0.y.isFinite }) {
                let places = run.map { (x($0.x), y($0.y)) }
                canvas.line(places, paint: .color(color), width: 2, dashed: dashed)
                if dots { for place in places { canvas.dot(place, radius: 3, paint: .color(color)) } }
            }
        case .bars(_, let values, let color, let series, let count):
            let slot = 0.8 / Double(count)
            for (place, value) in values.enumerated() where value.isFinite {
                let left = x(Double(place) - 0.4 + slot * Double(series))
                let right = x(Double(place) - 0.4 + slot * Double(series + 1))
                let top = min(max(y(value), frame.y), frame.y + frame.height)
                canvas.fill(
                    Rectangle(x: left, y: top, width: right - left - 1, height: frame.y + frame.height - top),
                    paint: .color(color))
            }
        case .heatMap(let map): draw(map, on: &canvas)
        }
    }

    private func draw(_ map: HeatMap, on canvas: inout some Canvas) {
        canvas.image(PixelImage(map), in: frame)
        let (width, height) = (frame.width / Double(map.columns), frame.height / Double(max(map.rows, 1)))
        for (place, label) in map.labels.enumerated() {
            guard let color = map.color(map.values[place]) else { continue }
            let (row, column) = place.quotientAndRemainder(dividingBy: map.columns)
            canvas.text(
                label,
                at: (frame.x + (Double(column) + 0.5) * width, frame.y + (Double(row) + 0.5) * height + 4),
                size: 11, anchor: .middle, paint: .color(Color(color.isLight ? 0x000000 : 0xFFFFFF)))
        }
        guard case .scale(let scale, let from, let to, let logarithmic, let label) = map.colors else {
            return
        }
        let axis = Axis(label, from: from, to: to, scale: logarithmic ? .logarithmic : .linear)
        let bar = Rectangle(x: frame.x + frame.width + 14, y: frame.y, width: 14, height: frame.height)
        canvas.image(PixelImage(bar: scale), in: bar)
        canvas.outline(bar, paint: .faintInk)
        for tick in axis.shownTicks {
            let place = bar.y + (1 - axis.share(of: tick.value)) * bar.height
            canvas.line([(bar.x + 14, place), (bar.x + 18, place)], paint: .faintInk, width: 1)
            canvas.text(tick.label, at: (bar.x + 21, place + 4), size: 11, anchor: .start, paint: .ink)
        }
        canvas.rotatedText(label, at: (bar.x + 68, bar.y + bar.height / 2), size: 12, paint: .ink)
    }
}
