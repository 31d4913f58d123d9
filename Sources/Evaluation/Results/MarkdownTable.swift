/// A table in Markdown whose columns are lined up, so that it reads well as plain text too.
package struct MarkdownTable {
    private var rows: [[String]]
    private let textColumns: Int

    /// A table whose first `textColumns` columns are on the left and all others on the right.
    package init(_ header: [String], textColumns: Int = 1) {
        rows = [header]
        self.textColumns = textColumns
    }

    /// Adds a row, which has as many cells as the header.
    package mutating func append(_ row: [String]) { rows.append(row) }

    /// The lines.
    package var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            "| "
                + row.enumerated().map { column, cell in
                    let space = String(repeating: " ", count: widths[column] - cell.count)
                    return column < textColumns ? cell + space : space + cell
                }.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            String(repeating: "-", count: max(width, 1) + 1) + (column < textColumns ? "-" : ":")
        }
        lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Rows of comma-separated values, quoted where they must be (RFC 4180).
package enum CommaSeparated {
    /// The lines of `rows`.
    package static func text(_ rows: [[String]]) -> String {
        rows.map { row in
            row.map { cell in
                cell.contains { ",\"\n\r".contains($0) }
                    ? "\""
                        + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(
                            separator: "\"\"")
                        + "\"" : cell
            }.joined(separator: ",")
        }.joined(separator: "\n") + "\n"
    }
}
