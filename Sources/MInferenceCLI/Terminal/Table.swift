/// A plain-text table: the first column on the left, numbers on the right.
struct Table {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header] }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// The lines, columns as wide as their widest cell.
    var text: String {
        let widths = (0..<rows[0].count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == 0 ? cell.rightPadded(widths[column]) : cell.leftPadded(widths[column])
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
