/// A plain-text table: the first column on the left, numbers on the right; or all text on the left.
struct Table {
    private var rows: [[String]]
    private let isText: Bool

    init(_ header: [String], isText: Bool = false) {
        rows = [header]
        self.isText = isText
    }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// The lines, columns as wide as their widest cell.
    var text: String {
        let widths = (0..<rows[0].count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                if isText && column == row.count - 1 { return cell }
                return column == 0 || isText
                    ? cell.rightPadded(widths[column]) : cell.leftPadded(widths[column])
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
